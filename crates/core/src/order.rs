//! Sorting through one door: each sort of a type of its own costs the page 5 KB of WebAssembly, and none here is in an
//! inner loop.
use std::cmp::Ordering;

/// The order of `length` things: their indices, sorted by `compare`; equal ones keep their order.
pub fn order_by(length: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..length).collect();
    order.sort_by(|a, b| compare(*a, *b));
    order
}

/// The numbers in rising order.
pub fn sorted(values: &[f64]) -> Vec<f64> {
    order_by(values.len(), &|a, b| values[a].total_cmp(&values[b])).into_iter().map(|i| values[i]).collect()
}

/// The things by rising key; equal ones keep their order.
pub fn sorted_by_key<T>(things: Vec<T>, key: impl Fn(&T) -> f64) -> Vec<T> {
    let keys: Vec<f64> = things.iter().map(key).collect();
    let order = order_by(keys.len(), &|a, b| keys[a].total_cmp(&keys[b]));
    let mut things: Vec<Option<T>> = things.into_iter().map(Some).collect();
    order.into_iter().filter_map(|i| things[i].take()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_things_keep_their_order() {
        assert_eq!(sorted(&[2.0, -1.0, 2.0, 0.5]), [-1.0, 0.5, 2.0, 2.0]);
        assert_eq!(
            sorted_by_key(vec![("b", 1.0), ("a", 0.0), ("c", 1.0)], |pair| pair.1),
            [("a", 0.0), ("b", 1.0), ("c", 1.0)]
        );
    }
}
