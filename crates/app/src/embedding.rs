//! Parts of the page in somebody else's: only these figures, without those parts, with parameters that are locked.
//!
//! ```text
//! only=gradient-norms,spectrum    these figures with their controls, and nothing else
//! hide=captions,sequence-length   parts of the page, or controls
//! lock=cell,activation            controls that are seen and cannot be moved
//! parent=https://a.org            the only origin whose messages are taken
//! ```
use crate::chapters::{Chapter, WORKBENCH};
use crate::lanes;
use crate::page_figures;
use crate::presenter::Command;
use crate::schema;
use vanishing_charts::figures;
use vanishing_core::param::{IGNORED, Notice, Settings, quoted};
use vanishing_core::recurrent::Ingredient;

/// Parts that can be hidden, besides every control by its key.
pub static PARTS: &[&str] =
    &["captions", "controls", "buttons", "take-away", "exercises", "contents", "tools", "chips"];

/// The part of that name: one of [`PARTS`], a panel of the workbench, or the chips that act in one place.
fn part(word: &str) -> Option<&'static str> {
    let panels = page_figures::of(Chapter::Workbench).map(|figure| figure.spec.slug);
    let mut parts = PARTS.iter().copied().chain(panels).chain(lanes::ACTS.iter().map(|(part, _)| *part));
    parts.find(|part| *part == word)
}

/// The keys of an address that say what is embedded.
pub static KEYS: [&str; 4] = ["only", "hide", "lock", "parent"];

/// What is embedded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Embedding {
    /// The figures, if not the whole page.
    pub only: Vec<&'static str>,
    /// Parts and keys of controls that are not shown.
    pub hide: Vec<&'static str>,
    /// Keys of controls that cannot be moved.
    pub lock: Vec<&'static str>,
    /// The origin whose messages are taken; empty: that of whoever embeds the page.
    pub parent: String,
}

impl Embedding {
    /// What an address says about it, and what of that cannot be taken.
    pub fn read<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> (Self, Vec<Notice>) {
        let (mut embedding, mut notices) = (Self::default(), Vec::new());
        for (key, value) in pairs {
            let words = value.split(',').map(str::trim).filter(|word| !word.is_empty());
            match key {
                "only" => take(&mut embedding.only, words, &mut notices, "only", "a figure", |word| {
                    figures::find(word).map(|figure| figure.slug).or((word == WORKBENCH).then_some(WORKBENCH))
                }),
                "hide" => take(
                    &mut embedding.hide,
                    words,
                    &mut notices,
                    "hide",
                    "a part of the page or a parameter",
                    |word| part(word).or_else(|| control(word)),
                ),
                "lock" => take(&mut embedding.lock, words, &mut notices, "lock", "a parameter", control),
                "parent" if is_origin(value) => value.clone_into(&mut embedding.parent),
                "parent" => notices.push(Notice::refused(
                    "parent",
                    format!("parent: {} is not an origin such as https://example.org", quoted(value)),
                    IGNORED,
                )),
                _ => {}
            }
        }
        (embedding, notices)
    }

    /// As it stands in an address.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let lists = [("only", &self.only), ("hide", &self.hide), ("lock", &self.lock)];
        let lists = lists.into_iter().filter(|(_, words)| !words.is_empty()).map(|(key, words)| (key, words.join(",")));
        let parent = (!self.parent.is_empty()).then(|| ("parent", self.parent.clone()));
        lists.chain(parent).collect()
    }

    /// Whether a part or a control is not shown.
    pub fn hides(&self, name: &str) -> bool {
        self.hide.contains(&name)
    }

    /// Whether a parameter of M has no effect on what is embedded: the network alone, with a matrix of its own. (On the whole
    /// page it has one on other chapters.)
    pub fn leaves_unread(&self, key: &str, settings: &Settings) -> bool {
        let of_network = |figure: &&str| controls_of(figure).contains(&schema::RECURRENT.spec.key);
        let network_alone = !self.only.is_empty() && self.only.iter().all(of_network);
        network_alone && !schema::uses(Ingredient::Eigenvalues, settings) && schema::is_of_m(key)
    }

    /// Whether a key may ask for that: of a page that is embedded only what concerns what is shown of it.
    pub fn takes(&self, command: &Command) -> bool {
        if self.only.is_empty() {
            return true;
        }
        match command {
            Command::Present | Command::Lecturer | Command::Preset(_) => false,
            Command::Focus(key) => {
                let shown = |figure: &&str| *figure == WORKBENCH || controls_of(figure).contains(key);
                self.only.iter().any(shown) && !self.hides(key) && !self.locks(key)
            }
            _ => true,
        }
    }

    /// Whether a parameter cannot be moved.
    pub fn locks(&self, key: &str) -> bool {
        self.lock.contains(&key)
    }
}

fn take<'a>(
    list: &mut Vec<&'static str>,
    words: impl Iterator<Item = &'a str>,
    notices: &mut Vec<Notice>,
    key: &str,
    what: &str,
    find: impl Fn(&str) -> Option<&'static str>,
) {
    for word in words {
        match find(word) {
            Some(known) if list.contains(&known) => {}
            Some(known) => list.push(known),
            None => notices.push(Notice::refused(key, format!("{key}: {} is not {what}", quoted(word)), IGNORED)),
        }
    }
}

/// The key of a control, as it is kept in the registries.
pub fn control(word: &str) -> Option<&'static str> {
    let of_page = schema::all().iter().find(|spec| spec.key == word).map(|spec| spec.key);
    of_page.or_else(|| lanes::find(word).map(|param| param.control.key))
}

/// A scheme and a host, and nothing else.
fn is_origin(text: &str) -> bool {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    host.is_some_and(|host| {
        !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']'))
    })
}

/// The controls that belong to a figure, by key.
pub fn controls_of(figure: &str) -> &'static [&'static str] {
    page_figures::find(figure).map_or(&[], |figure| figure.controls)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_alone_with_a_matrix_of_its_own_has_no_control_of_m() {
        let unread = |query: &str, only: &str| {
            let (settings, _) = crate::parse_link(query);
            Embedding::read([("only", only)]).0.leaves_unread("eigenvalue-1", &settings)
        };
        assert!(unread("cell=lstm&recurrent=pytorch", "gradient-norms,spectrum"));
        assert!(!unread("cell=lstm", "gradient-norms"), "a symmetric matrix has them");
        assert!(!unread("recurrent=pytorch", "gradient-norms,eigenvalue-powers"), "another figure shows them");
        assert!(!unread("recurrent=pytorch", ""), "the whole page");
        let (settings, _) = crate::parse_link("recurrent=pytorch");
        assert!(!Embedding::read([("only", "gradient-norms")]).0.leaves_unread("gain", &settings));
    }

    #[test]
    fn what_is_known_is_taken_and_what_is_not_is_told() {
        let pairs = [
            ("only", "spectrum, tea,gradient-norms,spectrum"),
            ("hide", "captions,gain,milk"),
            ("lock", "cell,lab.hidden-size,"),
            ("parent", "https://example.org:8080"),
        ];
        let (embedding, notices) = Embedding::read(pairs);
        assert_eq!(embedding.only, ["spectrum", "gradient-norms"]);
        assert!(
            embedding.hides("captions")
                && embedding.hides("gain")
                && embedding.locks("cell")
                && embedding.locks("lab.hidden-size")
        );
        let texts: Vec<&str> = notices.iter().map(|notice| notice.text.as_str()).collect();
        assert_eq!(
            texts,
            [
                "only: “tea” is not a figure; it was ignored.",
                "hide: “milk” is not a part of the page or a parameter; it was ignored."
            ]
        );
        let pairs = embedding.pairs();
        let again = Embedding::read(pairs.iter().map(|(key, value)| (*key, value.as_str()))).0;
        assert_eq!(again, embedding);
    }

    #[test]
    fn an_origin_is_a_scheme_and_a_host() {
        for wrong in ["example.org", "https://", "javascript:alert(1)", "https://a.org/path", "https://a.org?x", "*"] {
            let (embedding, notices) = Embedding::read([("parent", wrong)]);
            assert!(embedding.parent.is_empty() && notices.len() == 1, "{wrong}");
        }
    }
}
