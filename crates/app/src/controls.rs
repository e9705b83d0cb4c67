//! A control as the shell builds it: everything a native input needs, from the schema and the settings.
use vanishing_core::param::{Choice, Domain, ParamSpec, Settings, Value};

/// Which native control a parameter has.
#[derive(Clone, Debug, PartialEq)]
pub enum ControlKind {
    /// `<input type="range">` with a text field beside it.
    Slider {
        /// Left end: the value, or its base-10 logarithm on a logarithmic slider.
        min: f64,
        /// Right end, in the unit of the left one.
        max: f64,
        /// From one position to the next, in the same unit.
        step: f64,
        /// Where it stands.
        position: f64,
        /// Whether positions are not the values themselves: base-10 logarithms of a real number, or the numbers of the
        /// stops that a whole number's slider makes.
        log: bool,
    },
    /// A text field with arrow keys: whole numbers over a range too wide for a slider (seeds).
    Number {
        /// The smallest number that is taken.
        min: i64,
        /// The largest number that is taken.
        max: i64,
    },
    /// `<input type="checkbox">`.
    Checkbox {
        /// Whether it is on.
        checked: bool,
    },
    /// `<select>`, with these options.
    Menu(&'static [Choice]),
}

/// A control: what it is and how it stands now.
#[derive(Clone, Debug, PartialEq)]
pub struct Control {
    /// The parameter: key, label, symbol, unit, help.
    pub spec: &'static ParamSpec,
    /// The native control.
    pub kind: ControlKind,
    /// The value of the parameter.
    pub value: Value,
    /// The value as text: the text field's, the menu's, or what is read out.
    pub text: String,
    /// Whether it has an effect now; others are hidden (eigenvalue 5 of a 4 by 4 matrix).
    pub shown: bool,
    /// Whether it changes a lane that has another value than lane A.
    pub differs: bool,
    /// Whether it cannot be moved.
    pub locked: bool,
}

/// How a control is to stand: what its look follows from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Standing {
    /// The value of the parameter.
    pub value: Value,
    /// See [`Control::shown`].
    pub shown: bool,
    /// See [`Control::differs`].
    pub differs: bool,
    /// See [`Control::locked`].
    pub locked: bool,
}

/// Sliders have at most this many whole-number steps; wider ranges are number fields.
const WIDEST_SLIDER: i64 = 5_000;

impl Control {
    /// The control of a parameter that stands like this.
    pub fn new(spec: &'static ParamSpec, standing: Standing) -> Self {
        let Standing { value, shown, differs, locked } = standing;
        let kind = match (spec.domain, value) {
            (Domain::Real { min, max, step, log }, Value::Real(x)) => {
                let place = |v: f64| if log { vanishing_core::math::log10(v) } else { v };
                ControlKind::Slider { min: place(min), max: place(max), step, position: place(x), log }
            }
            (Domain::Int { min, max, .. }, Value::Int(x)) if max - min <= WIDEST_SLIDER => match spec
                .domain
                .slider_stops()
            {
                Some(stops) => ControlKind::Slider {
                    min: 0.0,
                    max: stops.len().saturating_sub(1) as f64,
                    step: 1.0,
                    position: nearest_stop(&stops, x as f64) as f64,
                    log: true,
                },
                None => {
                    ControlKind::Slider { min: min as f64, max: max as f64, step: 1.0, position: x as f64, log: false }
                }
            },
            (Domain::Int { min, max, .. }, _) => ControlKind::Number { min, max },
            (Domain::Choice(choices), _) => ControlKind::Menu(choices),
            (_, value) => ControlKind::Checkbox { checked: value == Value::Flag(true) },
        };
        Self { spec, kind, value, text: value.text(), shown, differs, locked }
    }

    /// What its look followed from, to be compared with what it is to follow from.
    pub fn standing(&self) -> Standing {
        Standing { value: self.value, shown: self.shown, differs: self.differs, locked: self.locked }
    }

    /// The value of a slider at a position: the value itself, or 10^position (to four digits) on a logarithmic slider.
    pub fn value_at(spec: &ParamSpec, position: f64) -> Option<Value> {
        match spec.domain {
            Domain::Real { log: true, .. } => Self::nearest(spec, four_digits(position)),
            Domain::Int { .. } => match spec.domain.slider_stops() {
                Some(stops) if !position.is_nan() => {
                    let index = position.round().clamp(0.0, stops.len().saturating_sub(1) as f64) as usize;
                    stops.get(index).map(|value| Value::Int(*value))
                }
                _ => Self::nearest(spec, position),
            },
            _ => Self::nearest(spec, position),
        }
    }

    /// The value that is so many of the slider's steps away from the one now; `None` for choices.
    pub fn pushed(spec: &ParamSpec, settings: &Settings, steps: f64) -> Option<Value> {
        let now = settings.value(spec).number()?;
        match spec.domain {
            Domain::Real { step, log: true, .. } => {
                Self::value_at(spec, vanishing_core::math::log10(now) + steps * step)
            }
            Domain::Real { step, .. } => Self::nearest(spec, now + steps * step),
            Domain::Int { .. } => match spec.domain.slider_stops() {
                Some(stops) => {
                    // From between two stops the first step goes to the next one in its direction.
                    let nearest = nearest_stop(&stops, now);
                    let stop = stops.get(nearest).map_or(now, |stop| *stop as f64);
                    let past = if stop != now && (stop > now) == (steps > 0.0) { steps.signum() } else { 0.0 };
                    Self::value_at(spec, nearest as f64 + steps - past)
                }
                None => Self::nearest(spec, now + steps),
            },
            _ => Self::nearest(spec, now + steps),
        }
    }

    /// The allowed value nearest to a number, on the slider's steps; `None` for choices and for NaN.
    pub fn nearest(spec: &ParamSpec, number: f64) -> Option<Value> {
        if number.is_nan() {
            return None;
        }
        match spec.domain {
            Domain::Real { min, max, log: true, .. } => Some(Value::Real(number.clamp(min, max))),
            Domain::Real { min, max, step, .. } => {
                // Divided by the whole number of steps per unit, 1.05 is the nearest double to 1.05; multiplied by the
                // step it would be 1.0500000000000003.
                let per_unit = (1.0 / step).round();
                Some(Value::Real(((number * per_unit).round() / per_unit).clamp(min, max) + 0.0))
            }
            Domain::Int { min, max, .. } => Some(Value::Int(number.clamp(min as f64, max as f64).round() as i64)),
            Domain::Flag => Some(Value::Flag(number != 0.0)),
            Domain::Choice(_) => None,
        }
    }
}

/// The number of the stop nearest to a value.
fn nearest_stop(stops: &[i64], value: f64) -> usize {
    let distance = |stop: &i64| (*stop as f64 - value).abs();
    let nearest = stops.iter().enumerate().min_by(|(_, a), (_, b)| distance(a).total_cmp(&distance(b)));
    nearest.map_or(0, |(index, _)| index)
}

/// 10^x rounded to four significant digits.
fn four_digits(log10: f64) -> f64 {
    let value = vanishing_core::math::exp(log10 * vanishing_core::math::LN_10);
    format!("{value:.3e}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema;

    #[test]
    fn sliders_give_the_number_that_a_person_would_write() {
        assert_eq!(Control::value_at(&schema::EIGENVALUES[0].spec, 1.0500000000000003), Some(Value::Real(1.05)));
        assert_eq!(Control::value_at(&schema::EIGENVALUES[0].spec, -0.0).unwrap().text(), "0");
        assert_eq!(Control::value_at(&vanishing_core::remedies::MAX_NORM.spec, 2.0), Some(Value::Real(100.0)));
        assert_eq!(Control::value_at(&schema::POWER.spec, 1e9), Some(Value::Int(1_000)));
        assert_eq!(Control::value_at(&schema::POWER.spec, f64::NAN), None);
    }

    #[test]
    fn a_slider_over_a_long_range_moves_by_one_at_first_and_by_four_per_cent_later() {
        let spec = &schema::POWER.spec;
        assert_eq!(Control::value_at(spec, 50.0), Some(Value::Int(50)));
        assert_eq!(Control::value_at(spec, 51.0), Some(Value::Int(52)));
        let (settings, _) = Settings::from_pairs(schema::all(), [("power", "1000")]);
        assert_eq!(Control::pushed(spec, &settings, 1.0), Some(Value::Int(1_000)));
        let (between, _) = Settings::from_pairs(schema::all(), [("power", "51")]);
        assert_eq!(Control::pushed(spec, &between, -1.0), Some(Value::Int(50)));
        assert_eq!(Control::pushed(spec, &between, 1.0), Some(Value::Int(52)));
        assert!(Control::pushed(spec, &settings, -1.0).is_some_and(|value| value.number() < Some(1_000.0)));
    }
}
