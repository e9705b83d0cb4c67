//! A step of a lesson, as it is given: the state in which the page is once the keys have led there, and what follows from it.
use crate::support::{act, follow, open};
use std::cell::{OnceCell, RefCell};
use std::rc::Rc;
use vanishing_app::lessons::{self, Beat};
use vanishing_app::{Focus, Lab, Msg, model, schema};
use vanishing_charts::Model;
use vanishing_charts::laboratory::Lane;
use vanishing_charts::workbench::SEEDS;
use vanishing_core::math;
use vanishing_core::param::{Settings, Value};
use vanishing_core::studies::gradients::Pass;

/// Powers of ten of what is computed as a logarithm.
pub fn of_log10(log10: f64) -> f64 {
    math::powf(10.0, log10)
}

/// Runs, and what each lane was trained with.
type Trained = (Vec<Settings>, Rc<[Lane]>);

/// A lesson that is being given.
pub struct Lecture {
    name: &'static str,
    lab: RefCell<Lab>,
    trained: RefCell<Option<Trained>>,
}

impl Lecture {
    /// Begins the lesson of a chapter.
    pub fn of(name: &'static str) -> Self {
        let mut lab = open("");
        act(&mut lab, &format!("present:{name}"));
        Self { name, lab: RefCell::new(lab), trained: RefCell::default() }
    }

    /// Goes to a step, from 1, by the key that a lecturer presses, with its answer said.
    pub fn step(&self, number: usize) -> Step<'_> {
        let is_there = |lab: &Lab| {
            let stage = lab.stage().expect("a lesson");
            stage.place.starts_with(&format!("{number} /")) && !stage.say.is_empty()
        };
        for _ in 0..100 {
            let mut lab = self.lab.borrow_mut();
            if is_there(&lab) {
                break;
            }
            lab.update(Msg::Shortcut {
                key: "ArrowRight".to_owned(),
                control: false,
                shift: false,
                focus: Focus::Page,
            });
        }
        assert!(is_there(&self.lab.borrow()), "{} has no step {number}", self.name);
        let lesson = lessons::of_chapter(self.name).expect("a lesson");
        let settings = self.lab.borrow().settings().clone();
        Step {
            number,
            beat: lesson.beats[number - 1].clone(),
            model: Model::new(model::configs(&settings)),
            settings,
            lab: &self.lab,
            bench: OnceCell::new(),
            trained: &self.trained,
        }
    }
}

/// A step, once its answer is said.
pub struct Step<'a> {
    /// From 1.
    pub number: usize,
    /// What is said in it.
    pub beat: Beat,
    /// What its figures show, but for what is trained.
    pub model: Model,
    settings: Settings,
    lab: &'a RefCell<Lab>,
    bench: OnceCell<Vec<(&'static str, String)>>,
    trained: &'a RefCell<Option<Trained>>,
}

impl Step<'_> {
    /// The value of a number among the parameters of the page, by its key.
    pub fn value(&self, key: &str) -> f64 {
        let spec = schema::all().iter().find(|spec| spec.key == key).unwrap_or_else(|| panic!("no parameter {key}"));
        match self.settings.value(spec) {
            Value::Real(x) => x,
            Value::Int(x) => x as f64,
            other => panic!("{key} is {other:?}"),
        }
    }

    /// What the figures would show if this were chosen besides.
    pub fn with(&self, query: &str) -> Model {
        let mut lab = Lab::new(&self.lab.borrow().query()).0;
        assert_eq!(follow(&mut lab, query).notices.unwrap_or_default(), [], "{query}");
        Model::new(model::configs(lab.settings()))
    }

    /// What a lane is trained with.
    pub fn lane(&self, lane: usize) -> Settings {
        self.lab.borrow().chosen().lane(lane)
    }

    /// The gradient of the network that is shown, with the remedies that are on.
    pub fn pass(&self) -> &Pass {
        self.model.gradients().in_force()
    }

    /// What of a gradient at the last step is left at the first, as a ratio of lengths.
    pub fn left(&self) -> f64 {
        of_log10(self.pass().log10_ratio())
    }

    /// A sentence of the workbench, once its short runs are made from all seeds.
    pub fn panel(&self, name: &str) -> &str {
        let all = self.bench.get_or_init(|| self.lab.borrow_mut().try_out(SEEDS));
        let found = all.iter().find(|(known, _)| *known == name);
        found.map(|(_, text)| text.as_str()).unwrap_or_else(|| panic!("no panel {name}"))
    }

    /// The runs of all lanes, trained to their ends; those of the step before, where they have the same settings.
    pub fn runs(&self) -> Rc<[Lane]> {
        let mut lab = self.lab.borrow_mut();
        let count = self.value("lanes") as usize;
        let wanted: Vec<Settings> = (0..count).map(|lane| lab.chosen().lane(lane)).collect();
        let mut trained = self.trained.borrow_mut();
        if trained.as_ref().is_none_or(|(settings, _)| *settings != wanted) {
            lab.train(u64::MAX);
            *trained = Some((wanted, lab.laboratory().lanes.clone().into()));
        }
        trained.as_ref().map(|(_, lanes)| lanes.clone()).expect("runs")
    }
}
