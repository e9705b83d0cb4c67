//! The application with one figure, and all its work done here.
use crate::run::Measured;
use crate::told;
use serde_json::{Value, json};
use std::collections::{BTreeMap, VecDeque};
use vanishing_app::chapters::WORKBENCH;
use vanishing_app::jobs::Worker;
use vanishing_app::page_figures::{self, Follows, PageFigure};
use vanishing_app::{Effects, JobId, Lab, Msg, PAGE_SLICE, Phase, Pointer, Work, WorkerId, script, takeaway};
use vanishing_core::param::Notice;

/// Why nothing is done in a worker, as the end of a sentence with "because".
const NO_WORKER: &str = "the figure is drawn within another page and has no worker of its own";

/// The ways to take the figure away that need no address.
const TAKEN: [&str; 4] = ["svg", "csv", "table", "code"];

/// What an address says of the page around a figure, which is not here.
const OF_THE_PAGE: [&str; 4] = ["only", "present", "beat", "parent"];

/// Code that is longer is shown and saved, and not told with every change: it has the weights of a large network.
const LONG_CODE: usize = 400_000;

/// One figure.
pub struct Figure {
    lab: Lab,
    of: &'static PageFigure,
    /// What is new and was not told yet.
    news: Effects,
    /// Orders that wait, and what they work on.
    waiting: VecDeque<Work>,
    workers: BTreeMap<JobId, Worker>,
    /// The file that is being read.
    file: Vec<u8>,
    /// The query that was told last.
    told: Option<String>,
    /// What is said of a run of somebody's own, until it is told.
    run: Option<Value>,
}

impl Figure {
    /// A figure by its slug.
    ///
    /// # Errors
    /// One sentence, when there is no such figure.
    pub fn new(slug: &str, query: &str) -> Result<Self, String> {
        let of = page_figures::find(slug).ok_or_else(|| {
            let known = || page_figures::ALL.iter().map(|figure| figure.spec.slug).collect::<Vec<_>>().join(", ");
            match slug {
                WORKBENCH => "The workbench as a whole is shown by the page alone: put it into a frame with \
                    “only=workbench”. Each of its panels is a figure here, such as workbench-matrix."
                    .to_owned(),
                slug if slug.contains(',') => {
                    format!("One figure stands here, and “{slug}” are several: show each by itself.")
                }
                slug => format!("There is no figure “{slug}”. The figures are: {}.", known()),
            }
        })?;
        let (lab, news) = Lab::new(&alone(of, query));
        let (waiting, workers) = (VecDeque::new(), BTreeMap::new());
        let mut figure =
            Self { lab, of, news: Effects::default(), waiting, workers, file: Vec::new(), told: None, run: None };
        figure.take(news);
        figure.update(Msg::Cores { cores: 1 });
        figure.update(Msg::WorkerTrouble { worker: WorkerId(0), why: NO_WORKER.to_owned() });
        figure.note_left_out(query);
        Ok(figure)
    }

    fn slug(&self) -> &'static str {
        self.of.spec.slug
    }

    fn update(&mut self, msg: Msg) {
        let effects = self.lab.update(msg);
        self.take(effects);
    }

    /// Keeps what is new until it is told, and does what can be done at once.
    fn take(&mut self, mut effects: Effects) {
        self.waiting.extend(std::mem::take(&mut effects.work));
        let read = effects.read.take();
        self.news.merge(effects);
        if let Some(asked) = read {
            let part = |range: &std::ops::Range<u64>| {
                let (start, end) = (range.start as usize, (range.end as usize).min(self.file.len()));
                self.file.get(start..end).unwrap_or_default().to_vec()
            };
            let parts = asked.ranges.iter().map(part).collect();
            self.update(Msg::FileParts { parts });
        }
    }

    /// What the figure is.
    pub fn about(&self) -> String {
        let buttons: Vec<_> = if self.lab.embedding().hides("buttons") { &[][..] } else { self.of.buttons }
            .iter()
            .map(|button| json!({ "action": button.action, "words": button.words, "pauses": button.pauses }))
            .collect();
        let taken: Vec<_> = takeaway::ways(self.slug())
            .filter(|(way, _)| TAKEN.contains(way))
            .map(|(way, words)| json!({ "action": format!("{way}:{}", self.slug()), "words": words }))
            .collect();
        let hides = |part: &str| self.lab.embedding().hides(part);
        json!({
            "slug": self.slug(),
            "title": self.of.spec.title,
            "aspect": self.of.spec.aspect,
            "controls": if hides("controls") { &[][..] } else { self.of.controls },
            "buttons": buttons,
            "taken": if hides("take-away") { Vec::new() } else { taken },
            "caption": !hides("captions"),
            "lanes": self.of.follows == Follows::Training && !hides("buttons"),
        })
        .to_string()
    }

    /// What is new, as JSON; see [`told`].
    pub fn told(&mut self) -> String {
        let news = std::mem::take(&mut self.news);
        let query = self.query();
        let is_new = self.told.as_deref() != Some(&query);
        if is_new {
            self.told = Some(query.clone());
        }
        let mut told = told::json(&self.lab, self.of, &news);
        told["query"] = is_new.then_some(query).into();
        told["run"] = self.run.take().into();
        told["works"] = (!self.waiting.is_empty()).into();
        told.to_string()
    }

    /// The parameters as a query, without the figure's own name.
    pub fn query(&self) -> String {
        let query = self.lab.query();
        let pairs: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("only=")).collect();
        pairs.join("&")
    }

    /// Replaces all parameters; what stands already changes nothing.
    pub fn set(&mut self, query: &str) {
        if query != self.query() {
            self.update(Msg::Navigate { query: alone(self.of, query) });
            self.note_left_out(query);
        }
    }

    /// Says what of an address means nothing here.
    fn note_left_out(&mut self, query: &str) {
        let own = format!("only={}", self.slug());
        let left: Vec<String> =
            pairs(query).filter(|pair| is_of_the_page(pair) && *pair != own).map(|pair| format!("“{pair}”")).collect();
        if !left.is_empty() {
            let text = format!("This is one figure alone: {} has no meaning here, only in a frame.", left.join(", "));
            self.news.notices.get_or_insert_default().push(Notice::new("only", text));
        }
    }

    /// A control has a new value.
    pub fn input(&mut self, key: &str, value: &str, done: bool) {
        self.update(Msg::Input { key: key.to_owned(), value: value.to_owned(), phase: phase(done) });
    }

    /// A slider stands at a position.
    pub fn slide(&mut self, key: &str, position: f64, done: bool) {
        self.update(Msg::Slide { key: key.to_owned(), position, phase: phase(done) });
    }

    /// A button was pressed.
    pub fn press(&mut self, action: &str) {
        self.update(Msg::Action { name: action.to_owned() });
    }

    /// The seed that was asked for.
    pub fn seed(&mut self, seed: u32) {
        self.update(Msg::Seed { seed });
    }

    /// A pointer over the picture.
    pub fn pointer(&mut self, kind: &str, (x, y): (f64, f64)) {
        let kind = match kind {
            "down" => Pointer::Down,
            "move" => Pointer::Move,
            "up" => Pointer::Up,
            _ => Pointer::Leave,
        };
        self.update(Msg::Pointer { figure: self.slug().to_owned(), kind, x, y });
    }

    /// A key in the picture.
    pub fn key(&mut self, key: &str, shift: bool) {
        self.update(Msg::Key { figure: self.slug().to_owned(), key: key.to_owned(), shift });
    }

    /// The picture has a size.
    pub fn resize(&mut self, width: f64, height: f64, scale: f64) {
        self.update(Msg::Resize { figure: self.slug().to_owned(), width, height, scale });
    }

    /// The picture came into view, or went out of it.
    pub fn see(&mut self, visible: bool) {
        self.update(Msg::Visible { figure: self.slug().to_owned(), visible });
    }

    /// Whether the page around is dark.
    pub fn dark(&mut self, dark: bool) {
        self.update(Msg::SystemTheme { dark });
    }

    /// Nobody minds motion.
    pub fn allow_motion(&mut self) {
        self.update(Msg::Motion);
    }

    /// A frame passed.
    pub fn frame(&mut self, at: f64) {
        self.update(Msg::Frame { now: at });
    }

    /// Carries out one order; whether there is more to do.
    pub fn work(&mut self, clock: &dyn Fn() -> f64) -> bool {
        if let Some(Work { job, order, numbers, .. }) = self.waiting.pop_front() {
            let worker = self.workers.entry(job).or_default();
            if !numbers.is_empty() {
                worker.give(numbers);
            }
            let reply = worker.work(&order, clock, PAGE_SLICE).map(|reply| reply.numbers());
            self.update(Msg::Worked { job, reply: reply.unwrap_or_default(), now: clock() });
        }
        !self.waiting.is_empty()
    }

    /// Opens a network; what is wrong with it is told as a notice.
    pub fn open(&mut self, name: &str, content: Vec<u8>) {
        self.file = content;
        let size = self.file.len() as u64;
        self.update(Msg::FilesOffered { files: vec![(name.to_owned(), size)] });
        self.file = Vec::new();
    }

    /// Puts the opened network away.
    pub fn close(&mut self) {
        self.press("own-close");
    }

    /// Shows what was measured of somebody's own training.
    pub fn show_run(&mut self, about: &str, rows: &[f32], losses: &[f32]) {
        let Some(measured) = Measured::new(about, rows, losses) else { return };
        let effects = self.lab.show_run(measured.lane());
        self.take(effects);
        let said = |name: &str| self.lab.readout(name).filter(|text| !text.is_empty());
        let of_the_loss = || measured.of_the_loss().or_else(|| said("lab-verdict"));
        self.run = Some(json!({
            "verdict": measured.verdict(),
            "learning": measured.has_losses().then(of_the_loss).flatten(),
            "end": said("lab-explanation"),
            "cost": measured.cost(),
        }));
    }

    /// The numbers of the figure.
    pub fn csv(&self) -> String {
        self.lab.table(self.slug()).unwrap_or_default().to_csv()
    }

    /// The code that computes the numbers anew, in Python; empty where there is none. Where it is long, how to get it.
    pub fn code(&self) -> String {
        match script::of(self.slug(), self.lab.chosen(), self.lab.opened_network()) {
            Some(code) if code.len() > LONG_CODE => {
                "# With the weights of this network the code is long: press “Code” beneath the figure and save it.\n"
                    .to_owned()
            }
            code => code.unwrap_or_default(),
        }
    }

    /// The figure as an SVG document.
    ///
    /// # Errors
    /// One sentence, when drawing failed.
    pub fn svg(&self, width: u32) -> Result<String, String> {
        self.lab.svg(self.slug(), width)
    }

    /// Draws the figure.
    ///
    /// # Errors
    /// One sentence, when the backend failed.
    pub fn draw<B: plotters::prelude::DrawingBackend>(&self, backend: B, size: (u32, u32)) -> Result<(), String> {
        self.lab.draw(self.slug(), backend, size)
    }
}

/// The address of a figure alone.
fn alone(of: &PageFigure, query: &str) -> String {
    let only = format!("only={}", of.spec.slug);
    std::iter::once(only.as_str())
        .chain(pairs(query).filter(|pair| !is_of_the_page(pair)))
        .collect::<Vec<_>>()
        .join("&")
}

/// The parts of a query, with or without its question mark.
fn pairs(query: &str) -> impl Iterator<Item = &str> {
    query.strip_prefix('?').unwrap_or(query).split('&').filter(|pair| !pair.is_empty())
}

fn is_of_the_page(pair: &str) -> bool {
    pair.split_once('=').is_some_and(|(key, _)| OF_THE_PAGE.contains(&key))
}

fn phase(done: bool) -> Phase {
    if done { Phase::Done } else { Phase::Moving }
}
