//! `matrixPower` and `symmetricEigenvalues`.
use crate::answer::{Answer, numbers, object, signed_logarithms};
use crate::options::{Options, error};
use nalgebra::DMatrix;
use vanishing_core::given::{eigenvalue_powers, symmetric_matrix};
use vanishing_core::spectral::{self, MatrixPower};
use wasm_bindgen::JsValue;

/// The options of `matrixPower`.
pub const POWER: &[&str] = &["matrix", "size", "power", "powers"];
/// The options of `symmetricEigenvalues`.
pub const EIGENVALUES: &[&str] = &["matrix", "size"];

/// The matrix of the options.
pub fn read(options: &Options) -> Result<DMatrix<f64>, JsValue> {
    let size = options.size("size")?;
    symmetric_matrix(options.numbers("matrix")?, size).map_err(|sentence| error(&sentence))
}

/// M^k as a matrix of moderate size and a power of two: of one k, or of several.
pub fn power(options: &JsValue) -> Answer {
    let options = Options::new(options, POWER)?;
    let several = options.optional("powers")?.is_some();
    let ks = match (several, options.optional("power")?.is_some()) {
        (true, true) => return Err(error("power and powers are both given; expected one of them")),
        (true, false) => options.powers("powers")?,
        (false, _) => vec![options.power("power")?],
    };
    let matrix = read(&options)?;
    let mut squares = spectral::Squares::new(&matrix);
    let raised: Vec<MatrixPower> =
        ks.iter().map(|k| squares.raise(MatrixPower::identity(matrix.nrows()), *k)).collect();
    let eigenvalues = spectral::eigenvalues(&matrix);
    let exponents: Vec<f64> = raised.iter().map(|power| power.exponent as f64).collect();
    let scales: Vec<f64> = exponents.iter().map(|exponent| exponent * std::f64::consts::LOG10_2).collect();
    let largest: Vec<f64> = raised.iter().map(MatrixPower::log10_max_abs).collect();
    let entries: Vec<f64> = raised.iter().flat_map(|power| power.matrix.transpose().as_slice().to_vec()).collect();
    let exact: Vec<(f64, f64)> = ks.iter().flat_map(|k| eigenvalue_powers(&eigenvalues, *k)).collect();
    let measured: Vec<(f64, f64)> = raised.iter().flat_map(measured).collect();
    // Of one k a number, of several an array of numbers.
    let each = |values: &[f64]| if several { numbers(values) } else { values.first().copied().into() };
    Ok(object([
        ("matrix", numbers(&entries)),
        ("exponent", each(&exponents)),
        ("log10Scale", each(&scales)),
        ("log10MaxAbs", each(&largest)),
        ("eigenvalues", numbers(&eigenvalues)),
        ("eigenvaluePowers", signed_logarithms(&exact)),
        ("measuredEigenvalues", signed_logarithms(&measured)),
    ]))
}

/// The eigenvalues of the multiplied matrix; of 0 the sign is 0.
fn measured(raised: &MatrixPower) -> Vec<(f64, f64)> {
    let found = spectral::log10_abs_eigenvalues(raised).into_iter();
    found.map(|(sign, log10)| if log10 == f64::NEG_INFINITY { (0.0, log10) } else { (sign, log10) }).collect()
}

/// λ_i by falling magnitude.
pub fn eigenvalues(options: &JsValue) -> Answer {
    let options = Options::new(options, EIGENVALUES)?;
    let matrix = read(&options)?;
    Ok(object([("eigenvalues", numbers(&spectral::eigenvalues(&matrix)))]))
}
