//! What the tests do over and over.
use proptest::prelude::*;
use vanishing_app::{Effects, Lab, Msg, Phase, Pointer, model, schema};
use vanishing_charts::{Layout, Model, Scene, Style, figures};
use vanishing_core::param::{Domain, ParamSpec, Settings, Value};
use vanishing_core::training::params;

/// The size of the figures here: CSS pixels, and device pixels per CSS pixel.
pub const SIZE: (f64, f64, f64) = (700.0, 420.0, 2.0);

/// Opens an address in which everything is allowed.
pub fn open(query: &str) -> Lab {
    let (lab, effects) = Lab::new(query);
    assert_eq!(effects.notices, Some(Vec::new()), "{query}");
    lab
}

pub fn act(lab: &mut Lab, name: &str) -> Effects {
    lab.update(Msg::Action { name: name.to_owned() })
}

pub fn follow(lab: &mut Lab, query: &str) -> Effects {
    lab.update(Msg::Follow { query: query.to_owned() })
}

pub fn navigate(lab: &mut Lab, query: &str) -> Effects {
    lab.update(Msg::Navigate { query: query.to_owned() })
}

pub fn slide(lab: &mut Lab, key: &str, position: f64, phase: Phase) -> Effects {
    lab.update(Msg::Slide { key: key.to_owned(), position, phase })
}

/// Enters a text or another choice.
pub fn enter(lab: &mut Lab, key: &str, value: &str) -> Effects {
    lab.update(Msg::Input { key: key.to_owned(), value: value.to_owned(), phase: Phase::Done })
}

pub fn frame(lab: &mut Lab, now: f64) -> Effects {
    lab.update(Msg::Frame { now })
}

pub fn visible(lab: &mut Lab, figure: &str, visible: bool) -> Effects {
    lab.update(Msg::Visible { figure: figure.to_owned(), visible })
}

pub fn resize(lab: &mut Lab, figure: &str, (width, height, scale): (f64, f64, f64)) -> Effects {
    lab.update(Msg::Resize { figure: figure.to_owned(), width, height, scale })
}

/// Gives a figure its size and brings it into view.
pub fn show(lab: &mut Lab, figure: &str) -> Effects {
    let mut effects = resize(lab, figure, SIZE);
    effects.merge(visible(lab, figure, true));
    effects
}

pub fn pointer(lab: &mut Lab, figure: &str, kind: Pointer, (x, y): (f64, f64)) -> Effects {
    lab.update(Msg::Pointer { figure: figure.to_owned(), kind, x, y })
}

pub fn press_key(lab: &mut Lab, figure: &str, key: &str) -> Effects {
    lab.update(Msg::Key { figure: figure.to_owned(), key: key.to_owned(), shift: false })
}

/// The scene that a figure shows under the settings of now, and where everything is in it.
pub fn picture(lab: &Lab, figure: &str) -> (Scene, Layout) {
    let scene = (figures::find(figure).unwrap().scene)(&Model::new(model::configs(lab.settings())));
    let (width, height, scale) = SIZE;
    let layout =
        Layout::new(&scene, ((width * scale) as u32, (height * scale) as u32), &Style::new(lab.theme(), scale));
    (scene, layout)
}

/// Where an x of a figure's first panel is, at half of the panel's height, in CSS pixels.
pub fn place_of(lab: &Lab, figure: &str, x: f64) -> (f64, f64) {
    let (_, layout) = picture(lab, figure);
    let panel = &layout.panels[0];
    (panel.x.to_pixel(x).unwrap() / SIZE.2, (panel.plot.top + panel.plot.bottom) / 2.0 / SIZE.2)
}

/// Where a handle of a figure's first panel is, in CSS pixels.
pub fn place_of_handle(lab: &Lab, figure: &str, handle: usize) -> (f64, f64) {
    let (x, y) = picture(lab, figure).1.panels[0].handles[handle].unwrap();
    (x / SIZE.2, y / SIZE.2)
}

/// The value of a parameter as text.
pub fn value(lab: &Lab, key: &str) -> String {
    lab.control(key).unwrap().text
}

/// Small runs for chapter 4.
pub const SMALL: &str = "hidden-size=5&sequence-length=8&batch-size=4&stop-step=40";

/// The text of a readout as it stands now.
pub fn readout(lab: &Lab, name: &str) -> String {
    lab.readout(name).unwrap_or_else(|| panic!("no readout {name}"))
}

/// Any value of a parameter.
fn any_value(spec: &'static ParamSpec) -> BoxedStrategy<Value> {
    match spec.domain {
        Domain::Real { min, max, log: false, .. } => prop_oneof![
            min..=max,
            Just(min),
            Just(max),
            (-100i32..=100).prop_map(move |i| (f64::from(i) / 100.0).clamp(min, max))
        ]
        .prop_map(|x| Value::Real(x + 0.0))
        .boxed(),
        Domain::Real { min, max, .. } => {
            let ends = (vanishing_core::math::log10(min), vanishing_core::math::log10(max));
            let anything = (ends.0..=ends.1).prop_map(move |x| vanishing_core::math::powf(10.0, x).clamp(min, max));
            prop_oneof![anything, Just(min), Just(max)].prop_map(Value::Real).boxed()
        }
        Domain::Int { min, max, .. } => prop_oneof![min..=max, Just(min), Just(max)].prop_map(Value::Int).boxed(),
        Domain::Flag => any::<bool>().prop_map(Value::Flag).boxed(),
        Domain::Choice(choices) => (0..choices.len()).prop_map(|i| Value::Choice(choices[i].slug)).boxed(),
    }
}

/// H² T of the largest network of [`any_settings`]: that of the default size over the longest time. A larger one over as
/// long a time is the same code for minutes; the largest H and the longest T both occur.
const LARGEST_WORK: usize = 32 * 32 * 1_000;

/// Any settings: each parameter chosen or left alone.
pub fn any_settings() -> impl Strategy<Value = Settings> {
    let choices: Vec<_> = schema::all().iter().map(|spec| prop::option::of(any_value(spec))).collect();
    choices.prop_map(|values| {
        let mut settings = Settings::default();
        for (spec, value) in schema::all().iter().zip(values) {
            if let Some(value) = value {
                assert_eq!(settings.set(spec, value), None, "{} {value:?}", spec.key);
            }
        }
        // What no link can say.
        params::settle(&mut settings, &[]);
        let rows = settings.get(&schema::HIDDEN_SIZE);
        let longest = (LARGEST_WORK / (rows * rows)) as i64;
        if settings.get(&schema::SEQUENCE_LENGTH) as i64 > longest {
            assert_eq!(settings.set(&schema::SEQUENCE_LENGTH.spec, Value::Int(longest)), None);
        }
        settings
    })
}
