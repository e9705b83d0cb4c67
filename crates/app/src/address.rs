//! What a link holds, read and written: the part of an address after `?`.
//!
//! Reading never fails: what cannot be taken is named in a notice, and the rest is taken. Writing gives only what is
//! otherwise than at first, so that the address of the defaults is empty.
use crate::embedding::{self, Embedding};
use crate::lanes::Lanes;
use crate::schema;
use vanishing_core::param::{Notice, ParamSpec, Settings};
use vanishing_core::tasks;
use vanishing_core::training::params;

/// The key of a lesson's text.
const LESSON: &str = "lesson";

/// So many sentences are said about one address: a broken link may give reason for thousands.
const MOST_NOTICES: usize = 8;

/// The values of all parameters: the page's, and those of the four lanes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chosen {
    /// Those of the page: the keys without a point.
    pub settings: Settings,
    /// Of the lanes of the laboratory.
    pub lanes: Lanes,
}

/// Everything that an address holds.
pub struct Link {
    /// The values of its parameters.
    pub chosen: Chosen,
    /// Which part of the page is embedded, and how.
    pub embedding: Embedding,
    /// The text of a lesson, if there is one.
    pub lesson: Option<String>,
    /// What could not be taken, in sentences.
    pub notices: Vec<Notice>,
}

/// The pairs of an address, decoded.
fn pairs_of(query: &str) -> Vec<(String, String)> {
    let query = query.strip_prefix('?').unwrap_or(query);
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

/// What other sites and mails add to links, which says nothing to this page.
const TRACKERS: [&str; 8] = ["fbclid", "gclid", "msclkid", "dclid", "yclid", "igshid", "mc_cid", "mc_eid"];

/// The parameters that say how the page looks and measures.
fn params_of_page() -> impl Iterator<Item = &'static ParamSpec> {
    schema::GROUPS.iter().filter(|group| group.slug == "page").flat_map(|group| group.params.iter().copied())
}

/// The key of a link that means the page as it is at first, but for what the link says.
const AFRESH: &str = "afresh";

/// Whether a key belongs to no parameter.
fn is_special(key: &str) -> bool {
    key == LESSON
        || key == AFRESH
        || embedding::KEYS.contains(&key)
        || TRACKERS.contains(&key)
        || key.starts_with("utm_")
}

impl Link {
    /// Reads an address (the part after `?`, with or without it).
    pub fn read(query: &str) -> Self {
        let pairs = pairs_of(query);
        let (chosen, mut notices) = Chosen::read(&pairs);
        let (embedding, of_embedding) =
            Embedding::read(pairs.iter().map(|(key, value)| (key.as_str(), value.as_str())));
        let lesson = pairs.into_iter().find(|(key, _)| key == LESSON).map(|(_, text)| text);
        notices.extend(of_embedding);
        Self { chosen, embedding, lesson, notices }
    }
}

impl Chosen {
    /// The values in an address, everything else at its default.
    fn read(pairs: &[(String, String)]) -> (Self, Vec<Notice>) {
        let mut chosen = Self::default();
        let mut notices = Vec::new();
        for (key, value) in pairs.iter().filter(|(key, _)| !is_special(key)) {
            notices.extend(chosen.take(key, value));
        }
        chosen.settle_link(pairs);
        let more = notices.len().saturating_sub(MOST_NOTICES);
        if more > 0 {
            notices.truncate(MOST_NOTICES);
            let text = format!("{more} more parts of the address could not be taken as they are.");
            notices.push(Notice::new("", text));
        }
        (chosen, notices)
    }

    /// Takes one pair of an address. An empty value is the default.
    fn take(&mut self, key: &str, value: &str) -> Option<Notice> {
        if let Some(notice) = self.lanes.take(&mut self.settings, key, value) {
            return notice;
        }
        // A task was once chosen twice: for chapter 3 among the inputs.
        if key == schema::INPUTS.spec.key && tasks::find(value).is_some() {
            self.settings.clear(&schema::INPUTS.spec);
            return self.settings.set_text(&schema::TASK.spec, value);
        }
        let named = |spec: &&&ParamSpec| spec.key == key || spec.aliases.contains(&key);
        match schema::all().iter().find(named) {
            Some(spec) if value.is_empty() => {
                self.settings.clear(spec);
                None
            }
            _ => self.settings.take(schema::all(), key, value),
        }
    }

    /// Chooses what the pairs of a link say without saying it.
    fn settle_link(&mut self, pairs: &[(String, String)]) {
        let keys = pairs.iter().filter(|(_, value)| !value.is_empty());
        let keys: Vec<&str> = keys.map(|(key, _)| key.strip_prefix("a.").unwrap_or(key)).collect();
        params::settle(&mut self.settings, &keys);
        self.lanes.tidy(&self.settings);
    }

    /// Forgets what has no effect and no place in a link.
    pub fn settle(&mut self) {
        self.settle_link(&[]);
    }

    /// The settings of a lane.
    pub fn lane(&self, lane: usize) -> Settings {
        self.lanes.settings(&self.settings, lane)
    }

    /// Follows a link within the page: what it names is set, all else stays; an empty one is a full reset, which changes
    /// the experiment, not how the page looks or measures. Locked keys stay as they are.
    pub fn follow(&mut self, query: &str, embedding: &Embedding) -> Followed {
        let pairs = pairs_of(query);
        if pairs.is_empty() || pairs.iter().any(|(key, _)| key == AFRESH) {
            self.begin_afresh();
        }
        let allowed = |key: &str| !is_special(key) && !embedding.locks(key);
        let notices = pairs.iter().filter(|(key, _)| allowed(key)).filter_map(|(key, value)| self.take(key, value));
        let notices = notices.collect();
        let taken: Vec<_> = pairs.iter().filter(|(key, _)| allowed(key)).cloned().collect();
        self.settle_link(&taken);
        Followed { notices, keys: pairs.into_iter().map(|(key, _)| key).collect() }
    }

    /// Everything is as at first, but how the page looks and what its reader guessed.
    pub fn begin_afresh(&mut self) {
        let mut settings = self.of_page();
        for spec in schema::guesses::params() {
            settings.set(spec, self.settings.value(spec));
        }
        *self = Self { settings, lanes: Lanes::default() };
    }

    /// The settings that say how the page looks and measures, and nothing of what it shows.
    pub fn of_page(&self) -> Settings {
        self.settings.only(params_of_page())
    }

    /// What is chosen, without how the page looks and what its reader guessed.
    pub fn state(&self) -> Self {
        let mut state = self.without_answers();
        params_of_page().for_each(|spec| state.settings.clear(spec));
        state
    }

    /// The same without what its reader guessed.
    pub fn without_answers(&self) -> Self {
        let mut rest = self.clone();
        schema::guesses::params().for_each(|spec| rest.settings.clear(spec));
        rest
    }

    /// The part of an address after `?`.
    pub fn query(&self) -> String {
        let pairs = self.settings.pairs(schema::all());
        form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).extend_pairs(self.lanes.pairs()).finish()
    }

    /// The whole address: also which part of the page is embedded, and the reader's own lesson (or an empty text).
    pub fn query_with(&self, embedding: &Embedding, lesson: &str) -> String {
        let mut all = form_urlencoded::Serializer::new(self.query());
        all.extend_pairs(embedding.pairs());
        if !lesson.is_empty() {
            all.append_pair(LESSON, lesson);
        }
        all.finish()
    }

    /// The address of one figure alone, embedded.
    pub fn query_alone(&self, slug: &str) -> String {
        form_urlencoded::Serializer::new(self.query()).append_pair("only", slug).finish()
    }
}

/// What following a link came to.
pub struct Followed {
    /// What could not be taken.
    pub notices: Vec<Notice>,
    /// The keys that it named; none for a full reset.
    pub keys: Vec<String>,
}

/// The part of a link behind `?`, or the whole text where it has none.
fn query_part(link: &str) -> &str {
    let query = link.split_once('?').map_or(link, |(_, query)| query);
    query.split('#').next().unwrap_or(query)
}

/// The settings of a link: the part after `?`, or the whole link.
pub fn parse_link(link: &str) -> (Settings, Vec<Notice>) {
    let (chosen, notices) = Chosen::read(&pairs_of(query_part(link)));
    (chosen.settings, notices)
}

/// The settings of a link, those of its lanes included.
pub fn parse_lanes(link: &str) -> (Chosen, Vec<Notice>) {
    Chosen::read(&pairs_of(query_part(link)))
}

/// The address of settings: the part after `?`.
pub fn query_of(settings: &Settings) -> String {
    Chosen { settings: settings.clone(), lanes: Lanes::default() }.query()
}
