//! Numbers as people read them, and as programs read them.
//!
//! One convention everywhere: three significant digits, the real minus sign (U+2212), powers of ten with superscripts,
//! `0`, `∞` and `−∞` as results, `undefined` for NaN. Files get [`plain`], the shortest text that reads back exactly.
use vanishing_core::math;

/// A number for people: `1.05`, `3.1 × 10⁻⁵`, `12345`, `0`, `∞`, `−2`, never `0.30000000000000004`.
///
/// Fixed notation from 0.001 up to 99 999, powers of ten outside; trailing zeros are dropped.
pub fn short(value: f64) -> String {
    if let Some(word) = special(value) {
        return word;
    }
    let (mantissa, exponent) = scientific(value, 2);
    if (-3..=4).contains(&exponent) {
        let decimals = usize::try_from(2 - exponent).unwrap_or(0);
        minus(&trim_zeros(&format!("{value:.decimals$}")))
    } else {
        power_text(&mantissa, i64::from(exponent))
    }
}

/// The number whose base-10 logarithm is given: `log10_value(-4999.5)` is `3.16 × 10⁻⁵⁰⁰⁰`; -∞ is `0`.
pub fn log10_value(log10: f64) -> String {
    if log10.is_nan() {
        return "undefined".into();
    }
    if log10.is_infinite() {
        return if log10 > 0.0 { "∞".into() } else { "0".into() };
    }
    if log10.abs() < 300.0 {
        return short(math::powf(10.0, log10));
    }
    if log10.abs() >= 1e9 {
        return format!("10^({})", short(log10));
    }
    let mut exponent = log10.floor();
    let mut mantissa = format!("{:.2}", math::powf(10.0, log10 - exponent));
    if mantissa.len() > 4 {
        mantissa = "1".into();
        exponent += 1.0;
    }
    power_text(&mantissa, exponent as i64)
}

/// The same in few letters: two digits of a number that is neither tiny nor huge, else the nearest power of ten.
pub fn log10_brief(log10: f64) -> String {
    if !log10.is_finite() {
        return log10_value(log10);
    }
    if !(-1.0..3.0).contains(&log10) {
        return if log10.abs() < 1e9 { decade(log10.round() as i64) } else { log10_value(log10) };
    }
    let value = math::powf(10.0, log10);
    let step = math::powf(10.0, log10.floor() - 1.0);
    short((value / step).round() * step)
}

/// A number for files: the shortest text that reads back to the same double; `inf`, `-inf`, `nan`.
pub fn plain(value: f64) -> String {
    if value.is_nan() {
        "nan".into()
    } else if value.is_infinite() {
        if value > 0.0 { "inf".into() } else { "-inf".into() }
    } else {
        let text = format!("{value:?}");
        text.strip_suffix(".0").map(String::from).unwrap_or(text)
    }
}

/// An integer in superscript digits: `⁻¹²`.
pub fn superscript(integer: i64) -> String {
    integer
        .to_string()
        .chars()
        .map(|digit| match digit {
            '-' => '⁻',
            '0' => '⁰',
            '1' => '¹',
            '2' => '²',
            '3' => '³',
            '4' => '⁴',
            '5' => '⁵',
            '6' => '⁶',
            '7' => '⁷',
            '8' => '⁸',
            _ => '⁹',
        })
        .collect()
}

/// A whole number with thin spaces between thousands: `12 345`.
pub fn count(value: u64) -> String {
    let digits = value.to_string();
    if digits.len() < 5 {
        return digits;
    }
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().map(|group| std::str::from_utf8(group).unwrap_or("")).collect();
    groups.join("\u{2009}")
}

/// An index in subscript digits: `λ₁₂`.
pub fn subscript(index: usize) -> String {
    let digit = |c: char| c.to_digit(10).and_then(|d| char::from_u32('₀' as u32 + d)).unwrap_or(c);
    index.to_string().chars().map(digit).collect()
}

/// A power of ten on an axis: `1`, `10`, `10⁻⁵`.
pub fn decade(exponent: i64) -> String {
    match exponent {
        0 => "1".into(),
        1 => "10".into(),
        _ => format!("10{}", superscript(exponent)),
    }
}

/// A tick of a linear axis: as many decimals as the distance between ticks needs.
pub fn tick(value: f64, step: f64) -> String {
    if value.abs() < step.abs() * 1e-6 {
        return "0".into();
    }
    if let Some(word) = special(value) {
        return word;
    }
    let (_, step_exponent) = scientific(step, 0);
    let (_, exponent) = scientific(value, 12);
    if exponent <= 5 && step_exponent >= -4 {
        let decimals = usize::try_from(-step_exponent).unwrap_or(0);
        minus(&format!("{value:.decimals$}"))
    } else {
        let digits = usize::try_from(exponent - step_exponent).unwrap_or(0).min(9);
        let (mantissa, exponent) = scientific(value, digits);
        power_text(&mantissa, i64::from(exponent))
    }
}

/// The words for numbers that have no digits.
fn special(value: f64) -> Option<String> {
    if value.is_nan() {
        Some("undefined".into())
    } else if value == 0.0 {
        Some("0".into())
    } else if value.is_infinite() {
        Some(if value > 0.0 { "∞".into() } else { "−∞".into() })
    } else {
        None
    }
}

/// Mantissa text and exponent of a finite number, rounded to `digits` after the point.
fn scientific(value: f64, digits: usize) -> (String, i32) {
    let text = format!("{value:.digits$e}");
    match text.split_once('e') {
        Some((mantissa, exponent)) => (mantissa.into(), exponent.parse().unwrap_or(0)),
        None => (text, 0),
    }
}

/// `3.10` and -5 as `3.1 × 10⁻⁵`; `1` and -5 as `10⁻⁵`.
fn power_text(mantissa: &str, exponent: i64) -> String {
    let mantissa = minus(&trim_zeros(mantissa));
    match mantissa.as_str() {
        "1" => format!("10{}", superscript(exponent)),
        "−1" => format!("−10{}", superscript(exponent)),
        _ => format!("{mantissa} × 10{}", superscript(exponent)),
    }
}

fn trim_zeros(digits: &str) -> String {
    if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.').into() } else { digits.into() }
}

fn minus(digits: &str) -> String {
    digits.replace('-', "−")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brief_numbers_have_two_digits_or_are_powers_of_ten() {
        let brief = [-32.4, -1.6, -0.77, 0.0, 1.234, 2.96, 8.1, -400.2, f64::NEG_INFINITY].map(log10_brief);
        assert_eq!(brief, ["10⁻³²", "10⁻²", "0.17", "1", "17", "910", "10⁸", "10⁻⁴⁰⁰", "0"]);
    }

    #[test]
    fn people_read_three_significant_digits() {
        for (value, text) in [
            (1.05, "1.05"),
            (0.1 + 0.2, "0.3"),
            (3.1e-5, "3.1 × 10⁻⁵"),
            (1e-5, "10⁻⁵"),
            (-2.0, "−2"),
            (0.0, "0"),
            (-0.0, "0"),
            (0.001, "0.001"),
            (0.000_999_9, "0.001"),
            (12_345.0, "12345"),
            (99_999.0, "10⁵"),
            (999.6, "1000"),
            (6.02e23, "6.02 × 10²³"),
            (f64::INFINITY, "∞"),
            (f64::NEG_INFINITY, "−∞"),
            (f64::NAN, "undefined"),
            (f64::MAX, "1.8 × 10³⁰⁸"),
            (5e-324, "4.94 × 10⁻³²⁴"),
        ] {
            assert_eq!(short(value), text, "{value:e}");
        }
    }

    #[test]
    fn logarithms_keep_numbers_that_no_double_holds() {
        assert_eq!(log10_value(-4_999.5), "3.16 × 10⁻⁵⁰⁰⁰");
        assert_eq!(log10_value(5_000.0), "10⁵⁰⁰⁰");
        assert_eq!(log10_value(400.999_999), "10⁴⁰¹");
        assert_eq!(log10_value(0.0), "1");
        assert_eq!(log10_value(-3.0), "0.001");
        assert_eq!(log10_value(f64::NEG_INFINITY), "0");
        assert_eq!(log10_value(f64::INFINITY), "∞");
        assert_eq!(log10_value(1e20), "10^(10²⁰)");
    }

    #[test]
    fn programs_read_back_the_same_bits() {
        for value in [0.1, 1.0 / 3.0, 1e300, -5e-324, 1.0, 123_456_789.0, -0.0] {
            assert_eq!(plain(value).parse::<f64>().unwrap().to_bits(), f64::to_bits(value), "{value:e}");
        }
        assert_eq!(
            [plain(1.0), plain(f64::INFINITY), plain(-f64::INFINITY), plain(f64::NAN)],
            ["1", "inf", "-inf", "nan"]
        );
    }

    #[test]
    fn ticks_of_one_axis_have_the_same_decimals() {
        assert_eq!([tick(0.5, 0.05), tick(0.55, 0.05)], ["0.50", "0.55"]);
        assert_eq!([tick(-1.0, 0.5), tick(1e-17, 0.5)], ["−1.0", "0"]);
        assert_eq!([tick(200.0, 100.0), tick(2e6, 1e6)], ["200", "2 × 10⁶"]);
    }
}
