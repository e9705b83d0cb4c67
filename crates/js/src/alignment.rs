//! `alignment` and `alignmentProbability`.
use crate::answer::{Answer, numbers, object};
use crate::options::{Options, error};
use vanishing_core::given::decompose;
use vanishing_core::spectral::{self, Threshold, accurate_dot, align, order_by_magnitude};
use wasm_bindgen::JsValue;

/// The options of `alignment`.
pub const ANGLES: &[&str] = &["matrix", "eigenvalues", "size", "start", "starts", "powers", "target"];
/// The options of `alignmentProbability`.
pub const PROBABILITY: &[&str] = &["eigenvalues", "powers", "epsilon", "metric", "target"];

/// What epsilon is a bound of.
const METRICS: [(&str, Threshold); 3] =
    [("angle", Threshold::Angle), ("cosine", Threshold::Cosine), ("sine", Threshold::Sine)];

/// Where M^k x points, for each start x and each k.
pub fn angles(options: &JsValue) -> Answer {
    let options = Options::new(options, ANGLES)?;
    let (eigenvalues, coefficients) = spectrum_and_start(&options)?;
    let target = target(&options, &eigenvalues)?;
    let powers = options.powers("powers")?;
    let starts = coefficients.chunks_exact(eigenvalues.len());
    let found: Vec<_> =
        starts.flat_map(|start| powers.iter().map(|k| align(&eigenvalues, start, target, *k))).collect();
    let each = |part: &dyn Fn(&spectral::Alignment) -> f64| {
        let values = found.iter().map(|(_, found)| found.as_ref().map_or(f64::NAN, part));
        numbers(&values.collect::<Vec<_>>())
    };
    let norms: Vec<f64> = found.iter().map(|(log10_norm, _)| *log10_norm).collect();
    Ok(object([
        ("angle", each(&|found| found.angle)),
        ("signedAngle", each(&|found| found.signed_angle)),
        ("dominantSpaceAngle", each(&|found| found.dominant_space_angle)),
        ("log10Tan", each(&|found| found.log10_tan)),
        ("log10Norm", numbers(&norms)),
        ("eigenvalues", numbers(&eigenvalues)),
        ("coefficients", numbers(&coefficients)),
        ("target", (target as f64).into()),
    ]))
}

/// The eigenvalues, and the starts in the eigenbasis: found from a matrix, or given.
fn spectrum_and_start(options: &Options) -> Result<(Vec<f64>, Vec<f64>), JsValue> {
    let given = options.optional_numbers("eigenvalues")?;
    let has_matrix = options.optional("matrix")?.is_some();
    match given {
        Some(_) if has_matrix => Err(error("matrix and eigenvalues are both given; expected one of them")),
        Some(given) => {
            let size = options.optional_size("size")?.unwrap_or(given.values.len());
            let eigenvalues = given.of_shape(&[("size", size)]).map_err(|sentence| error(&sentence))?;
            Ok((not_empty(eigenvalues)?, start(options, size)?))
        }
        None if has_matrix => {
            let matrix = decompose(&crate::matrix::read(options)?);
            let starts = start(options, matrix.size())?;
            let vectors: Vec<Vec<f64>> =
                matrix.eigenvectors.column_iter().map(|v| v.iter().copied().collect()).collect();
            let starts = starts.chunks_exact(matrix.size());
            let coefficients = starts.flat_map(|start| vectors.iter().map(|v| accurate_dot(start, v))).collect();
            Ok((matrix.eigenvalues, coefficients))
        }
        None => Err(error("matrix is missing, and so are eigenvalues; expected one of them")),
    }
}

/// One start, or as many as `starts` says, one after the other.
fn start(options: &Options, size: usize) -> Result<Vec<f64>, JsValue> {
    let given = options.numbers("start")?;
    let shape = match options.optional_size("starts")? {
        Some(0) => return Err(error("starts is 0; expected a whole number from 1 on")),
        Some(count) => vec![("starts", count), ("size", size)],
        None => vec![("size", size)],
    };
    given.of_shape(&shape).map_err(|sentence| error(&sentence))
}

fn not_empty(eigenvalues: Vec<f64>) -> Result<Vec<f64>, JsValue> {
    match eigenvalues.is_empty() {
        true => Err(error("eigenvalues has 0 numbers; expected at least 1")),
        false => Ok(eigenvalues),
    }
}

/// The index of the eigenvalue whose direction is meant: unless it is given, the first of largest magnitude.
fn target(options: &Options, eigenvalues: &[f64]) -> Result<usize, JsValue> {
    let largest = order_by_magnitude(eigenvalues).first().copied().unwrap_or_default();
    let target = options.optional_index("target")?.unwrap_or(largest);
    match target < eigenvalues.len() {
        true => Ok(target),
        false => Err(error(&format!("target is {target}; expected an index of the {} eigenvalues", eigenvalues.len()))),
    }
}

/// P(aligned to within epsilon) for each k.
pub fn probability(options: &JsValue) -> Answer {
    let options = Options::new(options, PROBABILITY)?;
    let given = options.numbers("eigenvalues")?;
    let size = given.values.len();
    let eigenvalues = not_empty(given.of_shape(&[("size", size)]).map_err(|sentence| error(&sentence))?)?;
    let target = target(&options, &eigenvalues)?;
    let epsilon = options.number("epsilon")?;
    if epsilon < 0.0 {
        return Err(error(&format!("epsilon is {epsilon}; expected a number from 0 on")));
    }
    let tangent = options.choice("metric", &METRICS)?.unwrap_or(Threshold::Angle).tangent(epsilon);
    let powers = options.powers("powers")?;
    let found = powers.into_iter().map(|k| spectral::alignment_probability(&eigenvalues, target, tangent, k));
    let (p, complement): (Vec<f64>, Vec<f64>) =
        found.map(|found| found.map_or((f64::NAN, f64::NAN), |found| (found.p, found.complement))).unzip();
    Ok(object([
        ("probability", numbers(&p)),
        ("complement", numbers(&complement)),
        ("tangent", tangent.into()),
        ("target", (target as f64).into()),
    ]))
}
