//! Named numbers, and whether they have the shape that is expected of them.

/// Numbers, row by row, under the name that the giver has for them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Named {
    /// The name for sentences.
    pub name: String,
    /// As many as the shape has, or it is refused; row-major.
    pub values: Vec<f64>,
}

/// One dimension of an expected shape: what it is, and how large.
pub type Dimension<'a> = (&'a str, usize);

impl Named {
    /// The numbers, if there are as many as the shape has and all of them are finite.
    ///
    /// # Errors
    /// One sentence otherwise.
    pub fn of_shape(self, shape: &[Dimension]) -> Result<Vec<f64>, String> {
        let expected = shape.iter().fold(1u128, |product, (_, size)| product.saturating_mul(*size as u128));
        if self.values.len() as u128 != expected {
            let count = match self.values.len() {
                1 => "1 number".to_owned(),
                count => format!("{count} numbers"),
            };
            return Err(format!("{} has {count}; expected {expected}, of {}", self.name, described(shape)));
        }
        match self.values.iter().position(|x| !x.is_finite()) {
            Some(index) => {
                let value = in_words(self.values[index]);
                let place = place(shape, index);
                Err(format!("{}: entry {place} is {value}; expected finite numbers of {}", self.name, described(shape)))
            }
            None => Ok(self.values),
        }
    }
}

/// `shape (16, 4) = (4 gates × hidden size, hidden size)`.
pub(super) fn described(shape: &[Dimension]) -> String {
    let list = |part: &dyn Fn(&Dimension) -> String| shape.iter().map(part).collect::<Vec<_>>().join(", ");
    format!("shape ({}) = ({})", list(&|(_, size)| size.to_string()), list(&|(what, _)| (*what).to_owned()))
}

/// The sentence for a size of 0, which no part of a network or matrix can have.
pub(super) fn at_least_one(what: &str, size: usize) -> Result<(), String> {
    if size > 0 { Ok(()) } else { Err(format!("{what} is 0; expected a whole number from 1 on")) }
}

/// The place of an entry in its shape, from 0: `(2, 3)`, or `5` in a list.
fn place(shape: &[Dimension], index: usize) -> String {
    let mut rest = index;
    let mut places: Vec<String> = shape
        .iter()
        .rev()
        .map(|(_, size)| {
            let place = rest % size;
            rest /= size;
            place.to_string()
        })
        .collect();
    places.reverse();
    if places.len() == 1 { places.concat() } else { format!("({})", places.join(", ")) }
}

/// A number that cannot be taken, as people call it.
fn in_words(x: f64) -> &'static str {
    if x.is_nan() {
        "not a number (NaN)"
    } else if x > 0.0 {
        "infinity"
    } else {
        "minus infinity"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sentence(values: &[f64], shape: &[Dimension]) -> String {
        Named { name: "W".to_owned(), values: values.to_vec() }.of_shape(shape).unwrap_err()
    }

    #[test]
    fn a_wrong_count_is_told_with_the_shape_and_what_its_dimensions_are() {
        let shape = [("rows", 2), ("columns", 3)];
        assert_eq!(sentence(&[0.0; 5], &shape), "W has 5 numbers; expected 6, of shape (2, 3) = (rows, columns)");
        assert_eq!(sentence(&[0.0], &shape), "W has 1 number; expected 6, of shape (2, 3) = (rows, columns)");
    }

    #[test]
    fn an_entry_that_is_not_finite_is_told_with_its_place() {
        let mut values = [0.0; 6];
        values[5] = f64::NAN;
        assert_eq!(
            sentence(&values, &[("rows", 2), ("columns", 3)]),
            "W: entry (1, 2) is not a number (NaN); expected finite numbers of shape (2, 3) = (rows, columns)"
        );
        values[5] = f64::NEG_INFINITY;
        assert!(sentence(&values, &[("numbers", 6)]).starts_with("W: entry 5 is minus infinity;"));
    }

    #[test]
    fn shapes_beyond_the_address_space_are_refused_and_not_computed_with() {
        let huge = [("rows", usize::MAX), ("columns", usize::MAX)];
        assert!(sentence(&[1.0], &huge).contains("expected 340282366920938463426481119284349108225,"));
    }
}
