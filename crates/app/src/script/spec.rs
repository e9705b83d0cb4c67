//! What a script is, and numbers as Python has them.
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use vanishing_core::param::Settings;
use vanishing_core::studies::opened::SharedNetwork;

/// A script for one figure or several.
pub struct Script {
    /// The figures whose numbers it prints.
    pub figures: &'static [&'static str],
    /// How near they are, in words.
    pub near: &'static str,
    /// What it imports besides Python's own.
    pub needs: &'static str,
    /// The script without its head; the second is the network that the reader brought.
    pub body: fn(&Settings, Option<&SharedNetwork>) -> String,
}

/// Numbers as a Python expression: written out while they are few, otherwise their bytes, so that none is rounded.
pub fn array(values: &[f64]) -> String {
    const FEW: usize = 40;
    if values.len() <= FEW && values.iter().all(|x| x.is_finite()) {
        let texts: Vec<String> = values.iter().map(|x| format!("{x:?}")).collect();
        return format!("np.array([{}])", texts.join(", "));
    }
    let bytes: Vec<u8> = values.iter().flat_map(|x| x.to_le_bytes()).collect();
    format!("f64(\"{}\")", STANDARD.encode(bytes))
}

/// The same with a shape of rows and columns.
pub fn matrix(values: &[f64], rows: usize) -> String {
    // Of no rows NumPy cannot tell the number of columns.
    let columns = if rows == 0 { "0" } else { "-1" };
    format!("{}.reshape({rows}, {columns})", array(values))
}
