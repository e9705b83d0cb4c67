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

/// The middle one; of an even number, the mean of the two in the middle. Undefined values are left out.
pub fn median(values: &[f64]) -> f64 {
    let values: Vec<f64> = values.iter().copied().filter(|x| !x.is_nan()).collect();
    let values = sorted(&values);
    match values.len() {
        0 => f64::NAN,
        n if n % 2 == 1 => values[n / 2],
        n if values[n / 2 - 1] == values[n / 2] => values[n / 2],
        n => 0.5 * (values[n / 2 - 1] + values[n / 2]),
    }
}

/// The things by rising key; equal ones keep their order.
pub fn sorted_by_key<T>(things: Vec<T>, key: impl Fn(&T) -> f64) -> Vec<T> {
    let keys: Vec<f64> = things.iter().map(key).collect();
    let order = order_by(keys.len(), &|a, b| keys[a].total_cmp(&keys[b]));
    let mut things: Vec<Option<T>> = things.into_iter().map(Some).collect();
    order.into_iter().filter_map(|i| things[i].take()).collect()
}

/// Brings to `index` what would stand there if the values were sorted, with none that is larger before it and none that
/// is smaller behind it (Hoare 1961, "Algorithm 65: find"). The standard library's way weighs 5 KB more, to be quick on
/// values that were chosen to be slow.
pub fn select(values: &mut [u64], index: usize) {
    let (mut low, mut end) = (0, values.len());
    while low + 1 < end {
        let pivot = values[index];
        let (mut i, mut j) = (low, end);
        while i < j {
            while values[i] < pivot {
                i += 1;
            }
            while values[j - 1] > pivot {
                j -= 1;
            }
            if i < j {
                values.swap(i, j - 1);
                i += 1;
                j -= 1;
            }
        }
        // Before j none is larger than the pivot, from i on none smaller; what lies between equals it.
        if j <= index {
            low = i;
        }
        if index < i {
            end = j;
        }
    }
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

    #[test]
    fn medians_of_few_numbers() {
        assert_eq!((median(&[3.0, 1.0, 2.0]), median(&[1.0, 2.0]), median(&[f64::NAN, 5.0])), (2.0, 1.5, 5.0));
        assert_eq!(median(&[f64::INFINITY, f64::INFINITY]), f64::INFINITY);
        assert!(median(&[]).is_nan());
    }

    #[test]
    fn what_is_selected_stands_where_sorting_would_put_it() {
        let mut stream = crate::random::Stream::new(1, "test");
        for (length, different) in [(1, 1), (2, 1), (2, 9), (50, 3), (301, 1), (301, 2), (301, 1_000)] {
            let values: Vec<u64> = (0..length).map(|_| stream.bits() % different).collect();
            let mut wanted = values.clone();
            wanted.sort_unstable();
            for index in 0..length {
                let mut found = values.clone();
                select(&mut found, index);
                assert_eq!(found[index], wanted[index], "{length} of {different}");
                assert!(found[..index].iter().all(|x| *x <= found[index]));
                assert!(found[index..].iter().all(|x| *x >= found[index]));
            }
        }
    }
}
