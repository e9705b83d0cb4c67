//! Random orthogonal matrices.
use crate::random::Stream;
use crate::vector::euclidean_norm;
use nalgebra::DMatrix;
use std::cell::RefCell;

/// From this size on a matrix that was drawn is kept: below, drawing is quick.
const KEPT_FROM: usize = 48;
/// So many of them: one for each gate of an LSTM, and M.
const KEPT: usize = 5;

/// A matrix, and the stream before and after it was drawn.
struct Drawn {
    before: Stream,
    q: DMatrix<f64>,
    after: Stream,
}

thread_local! {
    static LAST: RefCell<Vec<Drawn>> = const { RefCell::new(Vec::new()) };
}

/// An orthogonal matrix uniform over the orthogonal group (Haar measure).
///
/// Gram and Schmidt on the columns of a matrix of independent normals, each column twice for full orthogonality: the Q
/// of its QR decomposition with positive diagonal of R, which is the choice that makes Q uniform (Mezzadri 2007,
/// "How to generate random matrices from the classical compact groups", section 5).
///
/// Of large matrices the last ones are kept: while a spectrum is dragged, its eigenvectors stay.
pub fn haar_orthogonal(n: usize, stream: &mut Stream) -> DMatrix<f64> {
    if n < KEPT_FROM {
        return draw(n, stream);
    }
    LAST.with_borrow_mut(|last| {
        let found = last.iter().position(|drawn| drawn.q.nrows() == n && drawn.before == *stream);
        let drawn = match found {
            Some(index) => last.remove(index),
            None => {
                let before = stream.clone();
                let q = draw(n, stream);
                Drawn { before, q, after: stream.clone() }
            }
        };
        *stream = drawn.after.clone();
        let q = drawn.q.clone();
        last.insert(0, drawn);
        last.truncate(KEPT);
        q
    })
}

/// Such a matrix, drawn.
fn draw(n: usize, stream: &mut Stream) -> DMatrix<f64> {
    let mut columns: Vec<Vec<f64>> = Vec::with_capacity(n);
    while columns.len() < n {
        let mut column = stream.normals(n);
        for _ in 0..2 {
            for previous in &columns {
                let overlap: f64 = column.iter().zip(previous).map(|(a, b)| a * b).sum();
                for (value, other) in column.iter_mut().zip(previous) {
                    *value -= overlap * other;
                }
            }
        }
        let norm = euclidean_norm(&column);
        // A column in the span of the others has probability zero; a new one is drawn.
        if norm > 1e-8 {
            columns.push(column.iter().map(|value| value / norm).collect());
        }
    }
    DMatrix::from_fn(n, n, |row, column| columns[column][row])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn haar_entries_have_the_variance_of_a_uniform_unit_vector() {
        // E q_11^2 = 1/n, and both signs are equally likely (the sign of R's diagonal matters here).
        let (n, draws) = (3, 4_000);
        let entries: Vec<f64> =
            (0..draws).map(|seed| haar_orthogonal(n, &mut Stream::new(seed, "haar"))[(0, 0)]).collect();
        let mean = entries.iter().sum::<f64>() / draws as f64;
        let square = entries.iter().map(|x| x * x).sum::<f64>() / draws as f64;
        assert!(mean.abs() < 0.04, "{mean}");
        assert!((square - 1.0 / 3.0).abs() < 0.02, "{square}");
    }

    #[test]
    fn a_matrix_that_was_kept_is_the_one_that_would_be_drawn_and_the_stream_goes_on_as_after_it() {
        for seed in [1, 2, 1, 3, 4, 5, 6, 7, 1] {
            let (mut here, mut there) = (Stream::new(seed, "haar"), Stream::new(seed, "haar"));
            let (kept, drawn) = (haar_orthogonal(KEPT_FROM, &mut here), draw(KEPT_FROM, &mut there));
            assert_eq!(kept, drawn);
            assert_eq!(here.bits(), there.bits());
            // Another size from the same place of the stream is another matrix.
            assert_ne!(haar_orthogonal(KEPT_FROM + 1, &mut Stream::new(seed, "haar"))[(0, 0)], kept[(0, 0)]);
        }
    }
}
