//! Random numbers from a seed: one named stream per purpose.
//!
//! The generator is ChaCha with 8 rounds, whose output for a seed is promised never to change, natively and in wasm.
//! A stream is named for what it is used for (`"orthogonal"`, `"start"`), so that drawing more numbers for one purpose
//! never changes another.
use crate::math;
use crate::vector::euclidean_norm;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A stream of random numbers for one purpose.
#[derive(Clone, Debug, PartialEq)]
pub struct Stream {
    generator: ChaCha8Rng,
    spare_normal: Option<f64>,
}

impl Stream {
    /// The stream called `purpose` of a seed.
    pub fn new(seed: u64, purpose: &str) -> Self {
        let mut generator = ChaCha8Rng::seed_from_u64(seed);
        generator.set_stream(fnv1a(purpose.as_bytes()));
        Self { generator, spare_normal: None }
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.generator.next_u64()
    }

    /// Uniform on [0, 1): the upper 53 bits.
    pub fn uniform(&mut self) -> f64 {
        (self.bits() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
    }

    /// Uniform on [low, high).
    pub fn uniform_between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.uniform()
    }

    /// Standard normal, by Marsaglia's polar method (Marsaglia and Bray 1964).
    pub fn normal(&mut self) -> f64 {
        if let Some(spare) = self.spare_normal.take() {
            return spare;
        }
        loop {
            let (u, v) = (2.0 * self.uniform() - 1.0, 2.0 * self.uniform() - 1.0);
            let s = u * u + v * v;
            if s > 0.0 && s < 1.0 {
                let factor = (-2.0 * math::ln(s) / s).sqrt();
                self.spare_normal = Some(v * factor);
                return u * factor;
            }
        }
    }

    /// `length` independent standard normals.
    pub fn normals(&mut self, length: usize) -> Vec<f64> {
        (0..length).map(|_| self.normal()).collect()
    }

    /// A point uniform on the unit sphere of that dimension.
    pub fn unit_vector(&mut self, dimension: usize) -> Vec<f64> {
        loop {
            let mut x = self.normals(dimension);
            let norm = euclidean_norm(&x);
            if norm > 0.0 || dimension == 0 {
                x.iter_mut().for_each(|value| *value /= norm);
                return x;
            }
        }
    }
}

/// The 64-bit FNV-1a hash: names of streams, fingerprints of results.
pub fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_draws_never_change() {
        let mut stream = Stream::new(1, "pinned");
        let draws = [stream.bits(), stream.bits(), stream.bits()];
        assert_eq!(draws, [3828642047949377542, 9902336471286615637, 15270104600335068387]);
    }

    #[test]
    fn streams_of_one_seed_differ_by_name_and_repeat_by_name() {
        let first = |seed, name| Stream::new(seed, name).bits();
        assert_eq!(first(7, "a"), first(7, "a"));
        assert_ne!(first(7, "a"), first(7, "b"));
        assert_ne!(first(7, "a"), first(8, "a"));
    }

    #[test]
    fn normals_have_mean_zero_and_variance_one() {
        let draws = Stream::new(3, "moments").normals(20_000);
        let mean = draws.iter().sum::<f64>() / 20_000.0;
        let variance = draws.iter().map(|x| x * x).sum::<f64>() / 20_000.0;
        // Four standard errors: 4/sqrt(20000) = 0.028 and 4 sqrt(2/20000) = 0.04.
        assert!(mean.abs() < 0.028, "{mean}");
        assert!((variance - 1.0).abs() < 0.04, "{variance}");
    }
}
