//! How far back a network looks in a text.

/// The share of the gradient at the last character below which a character counts as out of reach.
pub const HUNDREDTH: f64 = -2.0;

/// The gradient of the loss at one character, at each character before it.
#[derive(Clone, Debug, PartialEq)]
pub struct Reach {
    /// Where in the text the stretch begins.
    pub from: usize,
    /// log10 ‖∂L/∂h_t‖ of the top layer, h_t being the state after character t of the stretch; -∞ is a norm of zero. The loss L is
    /// that of predicting the character after the last, alone.
    pub norms: Vec<f64>,
    /// L in bits.
    pub bits: f64,
}

impl Reach {
    /// log10 of the norm at each character as a share of that at the last; NaN where that is zero or not finite.
    pub fn shares(&self) -> Vec<f64> {
        let last = self.norms.last().copied().unwrap_or(f64::NAN);
        self.norms.iter().map(|norm| if last.is_finite() { norm - last } else { f64::NAN }).collect()
    }

    /// How many characters back of the last the gradient stays below a hundredth of what it is there: from so many on, all the
    /// way to the beginning. `None`: nowhere in the stretch.
    pub fn characters(&self) -> Option<usize> {
        let shares = self.shares();
        // Of what is not a number nothing is said.
        let farthest = shares.iter().position(|share| share.is_nan() || *share >= HUNDREDTH)?;
        (farthest > 0).then(|| shares.len() - farthest)
    }

    /// The same in a sentence.
    pub fn sentence(&self) -> String {
        let last = self.norms.last().copied().unwrap_or(f64::NAN);
        match self.characters() {
            _ if last.is_nan() || last == f64::INFINITY => "The gradient is not a number any more.".to_owned(),
            _ if !last.is_finite() => "The gradient is zero at every character.".to_owned(),
            Some(1) => "The gradient falls below a hundredth 1 character back.".to_owned(),
            Some(count) => format!("The gradient falls below a hundredth {count} characters back."),
            None => {
                format!("The gradient does not fall below a hundredth within these {} characters.", self.norms.len())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reach(norms: &[f64]) -> Reach {
        Reach { from: 0, norms: norms.to_vec(), bits: 1.0 }
    }

    #[test]
    fn the_reach_is_counted_from_the_last_character_to_where_the_gradient_stays_small() {
        // One that is small and large again further back is still in reach.
        assert_eq!(reach(&[-9.0, -4.0, -1.9, -3.0, -0.5, 0.0]).characters(), Some(4));
        assert_eq!(reach(&[f64::NEG_INFINITY, -1.0, 1.5]).characters(), Some(1));
        assert_eq!(reach(&[-1.0, -1.0, 0.0]).characters(), None);
        assert_eq!(reach(&[1.5, 5.0, 3.0]).characters(), None);
    }

    #[test]
    fn it_is_said_in_a_sentence() {
        assert!(reach(&[-9.0, 0.0, 1.0]).sentence().contains("a hundredth 2 characters back"));
        assert!(reach(&[-1.0, 0.0]).sentence().contains("does not fall below a hundredth within these 2"));
        assert!(reach(&[f64::NEG_INFINITY; 2]).sentence().contains("zero at every"));
        assert!(reach(&[0.0, f64::NAN]).sentence().contains("not a number"));
    }
}
