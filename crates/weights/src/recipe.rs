//! How a tensor in PyTorch's layout is made of tensors of a file.
use crate::tensors::count;

/// A tensor that is stored, or is made of others.
#[derive(Clone, Debug, PartialEq)]
pub enum Recipe {
    /// The tensor at that place in the list of all, of that shape.
    Stored(usize, Vec<usize>),
    /// Nothing but zeros.
    Zeros(Vec<usize>),
    /// Made of others.
    Made(How, Vec<Recipe>),
}

/// What is done with them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// Rows become columns.
    Transposed,
    /// The rows in as many equal blocks as there are numbers here, in this order.
    Blocks(&'static [usize]),
    /// The entry of that index along the first dimension.
    Entry(usize),
    /// The first or the second half along the first dimension.
    Half(usize),
    /// One after the other along the first dimension.
    Stacked,
    /// g v / ‖v‖ of (g, v); the norm is taken over the dimensions in which g has the size 1.
    WeightNorm,
    /// w ⊙ m of (w, m).
    Masked,
    /// w / σ of (w, u, v), σ = uᵀ w v.
    OverSigma,
}

impl Recipe {
    /// The same with something done to it.
    pub fn then(self, how: How) -> Self {
        Self::Made(how, vec![self])
    }

    /// The shape of what it makes.
    pub fn shape(&self) -> Vec<usize> {
        match self {
            Self::Stored(_, shape) | Self::Zeros(shape) => shape.clone(),
            Self::Made(how, of) => {
                let mut shape = match how {
                    How::WeightNorm => of.last().map(Self::shape),
                    _ => of.first().map(Self::shape),
                }
                .unwrap_or_default();
                match how {
                    How::Transposed => shape.reverse(),
                    How::Entry(_) if !shape.is_empty() => drop(shape.remove(0)),
                    How::Half(_) => {
                        if let Some(first) = shape.first_mut() {
                            *first /= 2;
                        }
                    }
                    How::Stacked => {
                        let rows = of.iter().filter_map(|part| part.shape().first().copied());
                        if let Some(first) = shape.first_mut() {
                            *first = rows.fold(0, usize::saturating_add);
                        }
                    }
                    _ => {}
                }
                shape
            }
        }
    }

    /// The stored tensors that it needs, each perhaps more than once.
    pub fn needs(&self, to: &mut Vec<usize>) {
        match self {
            Self::Stored(index, _) => to.push(*index),
            Self::Zeros(_) => {}
            Self::Made(_, of) => of.iter().for_each(|part| part.needs(to)),
        }
    }

    /// The numbers, row by row, from those of the stored tensors, each at its place in the list of all.
    ///
    /// # Errors
    /// What is wrong, without a subject.
    pub fn make(&self, stored: &[Vec<f64>]) -> Result<Vec<f64>, String> {
        let (how, of) = match self {
            Self::Stored(index, _) => return stored.get(*index).cloned().ok_or_else(|| "did not arrive".to_owned()),
            Self::Zeros(shape) => return Ok(vec![0.0; count(shape)]),
            Self::Made(how, of) => (how, of),
        };
        let values = of.iter().map(|part| part.make(stored)).collect::<Result<Vec<_>, _>>()?;
        let shape = of.first().map(Self::shape).unwrap_or_default();
        Ok(match (how, &values[..]) {
            (How::Transposed, [w]) => transposed(w, &shape),
            (How::Blocks(order), [w]) => {
                let block = w.len() / order.len().max(1);
                order.iter().flat_map(|i| &w[i * block..(i + 1) * block]).copied().collect()
            }
            (How::Entry(index), [w]) => {
                let size = w.len() / shape.first().copied().unwrap_or(1).max(1);
                w[index * size..(index + 1) * size].to_vec()
            }
            (How::Half(index), [w]) => w[index * (w.len() / 2)..(index + 1) * (w.len() / 2)].to_vec(),
            (How::Stacked, parts) => parts.concat(),
            (How::WeightNorm, [g, v]) => {
                let rows = of.last().map(Self::shape).unwrap_or_default();
                weight_norm(g, v, &shape, &rows)?
            }
            (How::Masked, [w, mask]) => w.iter().zip(mask).map(|(w, mask)| w * mask).collect(),
            (How::OverSigma, [w, u, v]) => over_sigma(w, u, v)?,
            _ => return Err("cannot be made of what is there".to_owned()),
        })
    }
}

fn transposed(w: &[f64], shape: &[usize]) -> Vec<f64> {
    let [rows, columns] = *shape else { return w.to_vec() };
    (0..w.len()).map(|at| w[(at % rows.max(1)) * columns + at / rows.max(1)]).collect()
}

/// `g` has one number for each row, for each column, or one alone; `v` is a matrix.
fn weight_norm(g: &[f64], v: &[f64], of_g: &[usize], of_v: &[usize]) -> Result<Vec<f64>, String> {
    let columns = of_v.get(1).copied().unwrap_or(1).max(1);
    // The place in g of an entry of v.
    let (by_rows, by_columns) = (of_g.first().is_some_and(|n| *n > 1), of_g.get(1).is_some_and(|n| *n > 1));
    let place = |at: usize| match (by_rows, by_columns) {
        (true, true) => at,
        (true, false) => at / columns,
        (false, true) => at % columns,
        (false, false) => 0,
    };
    // From the largest, so that squares neither overflow nor vanish.
    let mut largest = vec![0.0f64; g.len()];
    for (at, v) in v.iter().enumerate() {
        largest[place(at)] = largest[place(at)].max(v.abs());
    }
    let mut norms = vec![0.0; g.len()];
    for (at, v) in v.iter().enumerate() {
        let scaled = v / largest[place(at)];
        norms[place(at)] += scaled * scaled;
    }
    if largest.contains(&0.0) {
        return Err("cannot be made: a row of its weight normalisation has only zeros, and no direction".to_owned());
    }
    let made = v.iter().enumerate().map(|(at, v)| {
        let i = place(at);
        g[i] * (v / largest[i]) / norms[i].sqrt()
    });
    Ok(made.collect())
}

fn over_sigma(w: &[f64], u: &[f64], v: &[f64]) -> Result<Vec<f64>, String> {
    let rows = w.chunks_exact(v.len().max(1));
    let sigma: f64 = rows.zip(u).map(|(row, u)| u * row.iter().zip(v).map(|(w, v)| w * v).sum::<f64>()).sum();
    if sigma == 0.0 {
        return Err("cannot be made: σ = uᵀWv of its spectral normalisation is 0".to_owned());
    }
    Ok(w.iter().map(|w| w / sigma).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(how: How, of: &[(&[usize], &[f64])]) -> Result<Vec<f64>, String> {
        let stored: Vec<Vec<f64>> = of.iter().map(|(_, values)| values.to_vec()).collect();
        let parts = of.iter().enumerate().map(|(i, (shape, _))| Recipe::Stored(i, shape.to_vec()));
        let recipe = Recipe::Made(how, parts.collect());
        let values = recipe.make(&stored)?;
        assert_eq!(values.len(), count(&recipe.shape()), "{how:?}");
        Ok(values)
    }

    #[test]
    fn blocks_and_transposes_are_put_in_order() {
        let w: (&[usize], &[f64]) = (&[2, 3], &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        assert_eq!(made(How::Transposed, &[w]).unwrap(), [1.0, 4.0, 2.0, 5.0, 3.0, 6.0]);
        assert_eq!(made(How::Blocks(&[1, 0]), &[w]).unwrap(), [4.0, 5.0, 6.0, 1.0, 2.0, 3.0]);
        assert_eq!(made(How::Entry(1), &[w]).unwrap(), [4.0, 5.0, 6.0]);
        assert_eq!(made(How::Half(1), &[w]).unwrap(), [4.0, 5.0, 6.0]);
        assert_eq!(made(How::Stacked, &[w, (&[1, 3], &[7.0, 8.0, 9.0])]).unwrap()[6..], [7.0, 8.0, 9.0]);
        assert_eq!(made(How::Masked, &[w, (&[2, 3], &[1.0, 0.0, 1.0, 0.0, 1.0, 0.0])]).unwrap()[..3], [1.0, 0.0, 3.0]);
    }

    #[test]
    fn a_norm_is_taken_by_rows_by_columns_or_of_all() {
        let v: (&[usize], &[f64]) = (&[2, 2], &[3.0, 4.0, 0.0, 5.0]);
        assert_eq!(made(How::WeightNorm, &[(&[2, 1], &[10.0, 1.0]), v]).unwrap(), [6.0, 8.0, 0.0, 1.0]);
        let columns = made(How::WeightNorm, &[(&[1, 2], &[1.0, 41f64.sqrt()]), v]).unwrap();
        assert!(columns.iter().zip([1.0, 4.0, 0.0, 5.0]).all(|(a, b)| (a - b).abs() < 1e-15), "{columns:?}");
        for scalar in [&[][..], &[1], &[1, 1]] {
            let all = made(How::WeightNorm, &[(scalar, &[50f64.sqrt()]), v]).unwrap();
            assert!(all.iter().zip(v.1).all(|(a, b)| (a - b).abs() < 1e-15), "{all:?}");
        }
        let tiny = made(How::WeightNorm, &[(&[1, 1], &[5.0]), (&[1, 2], &[3e-200, 4e-200])]).unwrap();
        assert!((tiny[0] - 3.0).abs() < 1e-14 && (tiny[1] - 4.0).abs() < 1e-14, "{tiny:?}");
        assert!(
            made(How::WeightNorm, &[(&[2, 1], &[1.0, 1.0]), (&[2, 1], &[1.0, 0.0])]).unwrap_err().contains("zeros")
        );
    }

    #[test]
    fn sigma_is_the_product_with_both_vectors() {
        let w: (&[usize], &[f64]) = (&[2, 2], &[1.0, 2.0, 3.0, 4.0]);
        let found = made(How::OverSigma, &[w, (&[2], &[1.0, 0.5]), (&[2], &[2.0, -1.0])]).unwrap();
        assert_eq!(found, [1.0, 2.0, 3.0, 4.0]); // σ = 1 (2 - 2) + 0.5 (6 - 4) = 1
        assert!(made(How::OverSigma, &[w, (&[2], &[0.0, 0.0]), (&[2], &[2.0, -1.0])]).unwrap_err().contains("σ"));
    }
}
