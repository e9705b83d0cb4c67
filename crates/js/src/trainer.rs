//! `Trainer`: a training run, some updates a call.
use crate::answer::{Answer, numbers, object, set};
use crate::options::{error, unknown};
use js_sys::{Array, Float32Array, Object, Reflect};
use vanishing_core::param::{ParamSpec, Settings, Value};
use vanishing_core::training::{self, Place, Report, params};
use wasm_bindgen::prelude::*;

/// A training run in single precision.
#[wasm_bindgen(skip_typescript)]
pub struct Trainer {
    run: training::Trainer,
}

/// More updates than this in one call would be a page that hangs.
const MOST_UPDATES: u32 = 1_000_000;

#[wasm_bindgen]
impl Trainer {
    /// A run before its first update.
    ///
    /// # Errors
    /// An `Error` with one sentence.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue) -> Result<Trainer, JsValue> {
        Ok(Self { run: training::Trainer::new(&settings(options)?) })
    }

    /// Makes so many updates, or fewer if the run breaks down.
    ///
    /// # Errors
    /// An `Error` with one sentence.
    pub fn steps(&mut self, count: f64) -> Answer {
        if !(count >= 0.0 && count <= f64::from(MOST_UPDATES) && count.fract() == 0.0) {
            return Err(error(&format!("steps: {count} is not a whole number from 0 to {MOST_UPDATES}")));
        }
        let reports: Vec<Report> = (0..count as u32).map_while(|_| self.run.step()).collect();
        Ok(self.answer(&reports))
    }

    /// The loss and the share of right answers on sequences that are never trained on.
    pub fn test(&mut self) -> Object {
        let test = self.run.test();
        object([("loss", test.loss.into()), ("accuracy", test.accuracy.into())])
    }

    /// The weights by PyTorch's names.
    pub fn weights(&self) -> Object {
        let all = Object::new();
        for tensor in &self.run.weights().tensors {
            set(&all, &tensor.name, &Float32Array::from(&tensor.values[..]).into());
        }
        all
    }

    /// Updates that were made.
    #[wasm_bindgen(getter)]
    pub fn updates(&self) -> f64 {
        self.run.updates() as f64
    }
}

impl Trainer {
    fn answer(&self, reports: &[Report]) -> Object {
        let column = |of: &dyn Fn(&Report) -> f64| numbers(&reports.iter().map(of).collect::<Vec<f64>>());
        let breakdown = self.run.breakdown().map_or(JsValue::NULL, |breakdown| {
            let (place, tensor) = match &breakdown.place {
                Place::State { .. } => ("state", JsValue::NULL),
                Place::Loss => ("loss", JsValue::NULL),
                Place::Gradient(name) => ("gradient", name.as_str().into()),
                Place::Weights(name) => ("weights", name.as_str().into()),
            };
            let step = breakdown.step as f64;
            object([("step", step.into()), ("place", place.into()), ("tensor", tensor)]).into()
        });
        let newest = reports.last();
        object([
            ("step", column(&|report| report.step as f64)),
            ("loss", column(&|report| report.loss)),
            ("accuracy", column(&|report| report.accuracy)),
            ("learningRate", column(&|report| report.learning_rate)),
            ("log10GradientNorm", column(&Report::gradient_log10)),
            ("log10GradientNormAfter", column(&Report::gradient_after_log10)),
            ("log10UpdateNorm", column(&|report| report.update_log10)),
            ("bytes", newest.map_or(0.0, |report| report.bytes as f64).into()),
            ("recomputedSteps", newest.map_or(0.0, |report| report.recomputed as f64).into()),
            ("breakdown", breakdown),
        ])
    }
}

/// The settings of an object whose keys are parameters of training, in camelCase or with hyphens.
fn settings(options: &JsValue) -> Result<Settings, JsValue> {
    let mut settings = Settings::default();
    if options.is_undefined() {
        return Ok(settings);
    }
    let plain = options.is_object() && !Array::is_array(options);
    let Some(object) = options.dyn_ref::<Object>().filter(|_| plain) else {
        return Err(error("the argument is not an object of options"));
    };
    let mut given = Vec::new();
    for key in Object::keys(object).iter().filter_map(|key| key.as_string()) {
        let value = Reflect::get(object, &key.as_str().into())?;
        if value.is_undefined() {
            continue;
        }
        let Some(spec) = find(&key) else {
            let known: Vec<String> = params::all().iter().map(|spec| camel(spec.key)).collect();
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            return Err(unknown("", &key, &known));
        };
        let text = match (value.as_f64(), value.as_bool(), value.as_string()) {
            (Some(x), ..) => format!("{x}"),
            (_, Some(flag), _) => Value::Flag(flag).text(),
            (.., Some(text)) => text,
            _ => return Err(error(&format!("{key} is neither a number nor a text nor true or false"))),
        };
        given.push(spec.key);
        // What would be moved into its range on the page is refused here.
        if let Some(notice) = settings.set_text(spec, &text) {
            let sentence = notice.text.split(';').next().unwrap_or_default().to_owned();
            return Err(error(&sentence));
        }
    }
    params::settle(&mut settings, &given);
    Ok(settings)
}

/// The parameter of that name, which is its key in camelCase or with hyphens.
///
/// Hyphens are taken away, not put back: nothing in `layer1MaxNorm` says that one stands before the 1.
pub fn find(name: &str) -> Option<&'static ParamSpec> {
    let name = camel(name);
    params::all().iter().find(|spec| camel(spec.key) == name).copied()
}

/// `layer-1-max-norm` → `layer1MaxNorm`; what is in camelCase stays.
pub fn camel(key: &str) -> String {
    let mut name = String::new();
    let mut begins_word = false;
    for letter in key.chars() {
        match letter {
            '-' => begins_word = true,
            letter if std::mem::take(&mut begins_word) => name.push(letter.to_ascii_uppercase()),
            letter => name.push(letter),
        }
    }
    name
}
