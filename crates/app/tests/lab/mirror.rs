//! What the shell shows is at all times what the page says it shows; and at rest it is what would be shown if everything were
//! made again, so that nothing that a message changes is forgotten.
use crate::opened::{drop_file, network};
use crate::shell::Shell;
use crate::support::{SIZE, SMALL, act, follow, open, visible};
use proptest::prelude::*;
use vanishing_app::{Effects, Focus, Lab, Msg, Phase, View, WorkerId};

/// What the shell shows, from the effects that it was given.
#[derive(Default)]
pub struct Mirror(pub View);

impl Mirror {
    /// Performs effects as far as they show something.
    pub fn perform(&mut self, effects: Effects) {
        let view = &mut self.0;
        for control in effects.controls {
            match view.controls.iter_mut().find(|old| old.spec.key == control.spec.key) {
                Some(old) => *old = control,
                None => view.controls.push(control),
            }
        }
        view.readouts.extend(effects.readouts);
        view.labels.extend(effects.labels);
        for (slug, rows) in effects.rows {
            if rows == 0 {
                view.rows.remove(slug)
            } else {
                view.rows.insert(slug, rows)
            };
        }
        view.theme = effects.theme.or(view.theme);
        view.notices = effects.notices.unwrap_or(std::mem::take(&mut view.notices));
        view.stage = effects.stage.unwrap_or(view.stage.take());
        view.lanes = effects.lanes.unwrap_or(std::mem::take(&mut view.lanes));
        view.pipeline = effects.pipeline.unwrap_or(std::mem::take(&mut view.pipeline));
        view.evidence = effects.evidence.unwrap_or(std::mem::take(&mut view.evidence));
        view.training = effects.training.unwrap_or(view.training);
        view.experiment = effects.experiment.unwrap_or(view.experiment);
        view.stretches = effects.stretches.unwrap_or(std::mem::take(&mut view.stretches));
        view.opened = effects.opened.unwrap_or(std::mem::take(&mut view.opened));
        view.sheets.extend(effects.sheets.into_iter().map(|sheet| (sheet.figure, sheet)));
        for (button, on) in effects.plays {
            if on {
                view.plays.insert(button)
            } else {
                view.plays.remove(&button)
            };
        }
        view.animate = effects.animate.unwrap_or(view.animate);
    }
}

/// The page, the other end of its orders, and what the shell shows.
struct Page {
    lab: Lab,
    shell: Shell,
    mirror: Mirror,
}

impl Page {
    fn open(query: &str) -> Self {
        let (lab, effects) = Lab::new(query);
        let mut page = Self { lab, shell: Shell::default(), mirror: Mirror::default() };
        page.shell.take(effects);
        page
    }

    fn send(&mut self, msg: Msg) {
        let effects = self.lab.update(msg);
        self.shell.take(effects);
    }

    /// Performs what was heard, and compares.
    fn check(&mut self) {
        self.mirror.perform(std::mem::take(&mut self.shell.heard));
        assert_same(&self.mirror.0, self.lab.view());
    }

    fn doing(&mut self, doing: &Doing) {
        match doing {
            Doing::Send(msg) => {
                // Whatever was reset before: an experiment of full size takes minutes.
                if matches!(msg, Msg::Action { name } if name == "experiment-start" || name == "read-start") {
                    self.make_small();
                }
                self.send(msg.clone());
            }
            Doing::Open(units) => {
                let content = network(4, *units, *units % 2 == 0);
                let effects = drop_file(&mut self.lab, "a.safetensors", &content);
                self.shell.take(effects);
            }
            Doing::Work(orders) => {
                for _ in 0..*orders {
                    self.shell.work(&mut self.lab);
                }
            }
            Doing::Kill(thread) => self.shell.kill(&mut self.lab, WorkerId(*thread)),
        }
        self.check();
    }

    /// Makes the runs that go on, and those to come, short.
    fn make_small(&mut self) {
        self.send(Msg::Follow { query: format!("{SMALL}&{TRIED}") });
    }

    /// Lets go of everything, and lets all work come to its end.
    fn settle(&mut self) {
        self.make_small();
        self.send(Msg::Action { name: "pause".to_owned() });
        self.send(Msg::Action { name: "opening-pause".to_owned() });
        self.send(Msg::Slide { key: "power".to_owned(), position: 3.0, phase: Phase::Done });
        self.shell.finish(&mut self.lab);
        self.check();
    }
}

/// Names the first thing in which two views differ.
fn assert_same(shown: &View, expected: &View) {
    for (control, other) in shown.controls.iter().zip(&expected.controls) {
        assert_eq!((control.spec.key, control.standing()), (other.spec.key, other.standing()));
    }
    assert_eq!(shown.readouts, expected.readouts);
    assert_eq!(shown.labels, expected.labels);
    assert_eq!((&shown.notices, &shown.stage, &shown.opened), (&expected.notices, &expected.stage, &expected.opened));
    assert_eq!((&shown.lanes, &shown.pipeline), (&expected.lanes, &expected.pipeline));
    assert_eq!((&shown.plays, shown.animate), (&expected.plays, expected.animate));
    assert!(shown == expected, "controls, sheets, evidence, theme, training or experiment differ");
}

#[derive(Clone, Debug)]
enum Doing {
    /// A message is sent, as a listener would.
    Send(Msg),
    /// A file with an LSTM of so many units.
    Open(usize),
    /// So many orders are carried out.
    Work(usize),
    /// The thread of that place dies, with the orders that it has.
    Kill(usize),
}

fn any_doing() -> impl Strategy<Value = Doing> {
    const ACTIONS: [&str; 39] = [
        "play",
        "pause",
        "step",
        "cliff-play",
        "cliff-step",
        "opening-play",
        "opening-pause",
        "undo",
        "redo",
        "dismiss",
        "train-start",
        "train-pause",
        "train-step",
        "train-reset",
        "lane:b",
        "lane:a",
        "experiment-start",
        "experiment-cancel",
        "read-start",
        "read-pause",
        "read-again",
        "read-shipped",
        "sort:loss",
        "table:gradient-norms",
        "code:spectrum",
        "embed:gradient-norms",
        "table:training-loss",
        "own-aside",
        "own-show",
        "own-close",
        "own-matrix",
        "own-cancel",
        "own-diagnose",
        "own-train",
        "own-learn",
        "own-try:orthogonal",
        "own-report:md",
        "present-next",
        "compare:powers-1",
    ];
    const LINKS: [&str; 9] = [
        "",
        "hidden-size=3",
        "cell=lstm",
        "lanes=3&c.cell=gru",
        "family=own",
        "d.hidden-size=4",
        "power=20",
        "theme=projector",
        "hidden-size=70&sequence-length=4",
    ];
    const ADDRESSES: [&str; 4] =
        ["present=powers&beat=2", "lock=cell&hide=gain&lanes=2", "lanes=4&lane=c", "workers=0"];
    const KEYS: [&str; 8] = ["p", "ArrowRight", "ArrowLeft", "Home", " ", "?", "3", "Escape"];
    let sliders = ["eigenvalue-1", "power", "opening-gain", "lab.hidden-size", "epsilon", "stop-step"];
    let send = |msg: Msg| Doing::Send(msg);
    prop_oneof![
        6 => prop::sample::select(ACTIONS.to_vec()).prop_map(move |name| send(Msg::Action { name: name.to_owned() })),
        3 => prop::sample::select(LINKS.to_vec()).prop_map(move |query| send(Msg::Follow { query: query.to_owned() })),
        1 => prop::sample::select(ADDRESSES.to_vec())
            .prop_map(move |query| send(Msg::Navigate { query: format!("{SMALL}&{TRIED}&{query}") })),
        3 => (prop::sample::select(sliders.to_vec()), -1.0..4.0, any::<bool>()).prop_map(move |(key, position, done)| {
            let phase = if done { Phase::Done } else { Phase::Moving };
            send(Msg::Slide { key: key.to_owned(), position, phase })
        }),
        2 => prop::sample::select(KEYS.to_vec()).prop_map(move |key| {
            send(Msg::Shortcut { key: key.to_owned(), control: false, shift: false, focus: Focus::Page })
        }),
        1 => any::<bool>().prop_map(move |dark| send(Msg::SystemTheme { dark })),
        1 => Just(send(Msg::Motion)),
        1 => prop::sample::select(vec!["abcabd", "a", ""])
            .prop_map(move |text| send(Msg::Text { text: text.repeat(200) })),
        1 => (prop::sample::select(vec!["jacobian-singular-values", "workbench-training"]), any::<bool>())
            .prop_map(move |(figure, visible)| send(Msg::Visible { figure: figure.to_owned(), visible })),
        2 => (0..30).prop_map(move |i| send(Msg::Frame { now: f64::from(i) * 300.0 })),
        1 => (1usize..5).prop_map(move |cores| send(Msg::Cores { cores })),
        1 => prop::sample::select(vec!["alignment", "laboratory", "tea"])
            .prop_map(move |name| send(Msg::Chapter { name: name.to_owned() })),
        1 => (0u32..9).prop_map(move |seed| send(Msg::Seed { seed })),
        1 => prop::sample::select(vec![5usize, 6, 130]).prop_map(Doing::Open),
        4 => (1usize..6).prop_map(Doing::Work),
        1 => (0usize..7).prop_map(Doing::Kill),
    ]
}

/// An experiment of few runs.
const TRIED: &str = "seeds=1&try-clip-value=0&try-clip-state=0&try-truncation=0&try-detect=0&try-l2=0&try-gradient-scale=0&try-batch-norm=0&try-checkpointing=0&try-lstm=0&try-gru=0&read-units=3&read-length=6&read-updates=4";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_is_shown_is_what_would_be_shown_if_everything_were_made_again(
        doings in prop::collection::vec(any_doing(), 1..30),
    ) {
        let mut page = Page::open(&format!("{SMALL}&{TRIED}"));
        page.send(Msg::Motion);
        page.send(Msg::Resize { figure: "jacobian-singular-values".to_owned(), width: SIZE.0, height: SIZE.1, scale: 1.0 });
        page.check();
        for doing in &doings {
            page.doing(doing);
        }
        page.settle();
        assert_same(page.lab.view(), &page.lab.view_afresh());
    }
}

#[test]
fn the_mirror_sees_what_is_forgotten() {
    let mut page = Page::open("");
    page.check();
    // Effects that are not performed are missing in the mirror.
    drop(follow(&mut page.lab, "hidden-size=3"));
    assert_ne!(&page.mirror.0, page.lab.view());
    let mut lab = open("");
    act(&mut lab, "table:spectrum");
    drop(visible(&mut lab, "spectrum", true));
    assert_eq!(lab.view(), &lab.view_afresh());
}
