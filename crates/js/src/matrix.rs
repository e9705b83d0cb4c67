//! `matrixPower` and `symmetricEigenvalues`.
use crate::answer::{Answer, numbers, object, rows, signed_logarithms};
use crate::options::{Options, error};
use nalgebra::DMatrix;
use vanishing_core::given::{eigenvalue_powers, symmetric_matrix};
use vanishing_core::spectral;
use wasm_bindgen::JsValue;

/// The options of `matrixPower`.
pub const POWER: &[&str] = &["matrix", "size", "power"];
/// The options of `symmetricEigenvalues`.
pub const EIGENVALUES: &[&str] = &["matrix", "size"];

/// The matrix of the options.
pub fn read(options: &Options) -> Result<DMatrix<f64>, JsValue> {
    let size = options.size("size")?;
    symmetric_matrix(options.numbers("matrix")?, size).map_err(|sentence| error(&sentence))
}

/// M^k as a matrix of moderate size and a power of two.
pub fn power(options: &JsValue) -> Answer {
    let options = Options::new(options, POWER)?;
    let k = options.power("power")?;
    let matrix = read(&options)?;
    let raised = spectral::power(&matrix, k);
    let eigenvalues = spectral::eigenvalues(&matrix);
    Ok(object([
        ("matrix", rows(&raised.matrix)),
        ("exponent", (raised.exponent as f64).into()),
        ("log10Scale", (raised.exponent as f64 * std::f64::consts::LOG10_2).into()),
        ("log10MaxAbs", raised.log10_max_abs().into()),
        ("eigenvalues", numbers(&eigenvalues)),
        ("eigenvaluePowers", signed_logarithms(&eigenvalue_powers(&eigenvalues, k))),
        ("measuredEigenvalues", signed_logarithms(&measured(&raised))),
    ]))
}

/// The eigenvalues of the multiplied matrix; of 0 the sign is 0.
fn measured(raised: &spectral::MatrixPower) -> Vec<(f64, f64)> {
    let found = spectral::log10_abs_eigenvalues(raised).into_iter();
    found.map(|(sign, log10)| if log10 == f64::NEG_INFINITY { (0.0, log10) } else { (sign, log10) }).collect()
}

/// λ_i by falling magnitude.
pub fn eigenvalues(options: &JsValue) -> Answer {
    let options = Options::new(options, EIGENVALUES)?;
    let matrix = read(&options)?;
    Ok(object([("eigenvalues", numbers(&spectral::eigenvalues(&matrix)))]))
}
