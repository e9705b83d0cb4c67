//! What the page claims of its links: each claim is a test that names the links it opens, and opens exactly these.
use std::cell::RefCell;
use std::collections::BTreeSet;

/// The links of a claim, by their `id` without `preset-`.
pub struct Claim(pub &'static [&'static str]);

inventory::collect!(Claim);

thread_local! {
    static OPENED: RefCell<BTreeSet<String>> = const { RefCell::new(BTreeSet::new()) };
}

/// The links that some claim names.
pub fn all() -> impl Iterator<Item = &'static str> {
    inventory::iter::<Claim>().flat_map(|claim| claim.0).copied()
}

/// A link is opened.
pub fn note(preset: &str) {
    OPENED.with_borrow_mut(|opened| opened.insert(preset.to_owned()));
}

/// Holds a claim, and it to its links.
pub fn hold(presets: &[&str], claim: impl FnOnce()) {
    OPENED.with_borrow_mut(BTreeSet::clear);
    claim();
    OPENED.with_borrow(|opened| assert!(opened.iter().eq(presets), "named are {presets:?}, opened {opened:?}"));
}

/// A test of what the page claims of some links, whose names stand in the order of the alphabet.
macro_rules! claim {
    ($name:ident, [$($preset:literal),+ $(,)?], $claim:expr $(,)?) => {
        inventory::submit!($crate::claims::Claim(&[$($preset),+]));

        #[test]
        fn $name() {
            $crate::claims::hold(&[$($preset),+], $claim);
        }
    };
}
pub(crate) use claim;

#[test]
#[should_panic(expected = "opened {\"a\"}")]
fn a_claim_that_does_not_open_what_it_names_is_none() {
    hold(&["a", "b"], || note("a"));
}
