//! The numbers of a text, in digits and in words, with what each may stand for.
use std::ops::Range;

/// A number as it stands in a text.
#[derive(Clone, Debug)]
pub struct Numeral {
    /// Where it stands, in bytes.
    pub at: Range<usize>,
    /// What it says.
    pub value: f64,
    /// The distance of what it may stand for, if every digit counts, and if zeros at its end do not.
    units: (f64, f64),
    /// What one part of so many is said for: `a fifth` is what is nearer to 1/5 than to 1/4 or 1/6 in how many of it make a whole.
    parts: Option<f64>,
    /// Whether it has digits.
    pub is_of_digits: bool,
}

impl Numeral {
    /// Whether a value, rounded to the digits that are shown, is this number.
    pub fn is(&self, value: f64) -> bool {
        self.is_within(value, self.units.0)
    }

    /// The same, where zeros at the end of a whole number are not counted as digits: 3,000 is what is from 2,500 to 3,500.
    pub fn is_about(&self, value: f64) -> bool {
        self.is_within(value, self.units.1)
    }

    fn is_within(&self, value: f64, unit: f64) -> bool {
        match self.parts {
            Some(parts) => value > 0.0 && (1.0 / value - parts).abs() <= 0.5,
            // A value that ends in 5 may be rounded either way.
            None => (value - self.value).abs() <= 0.5 * unit * (1.0 + 1e-9),
        }
    }
}

/// All numbers of a text, in order. Digits that belong to a name (`L2`, `λ₁`) are none; ordinals below the tenth are not looked
/// for, being places and no quantities.
pub fn of(text: &str) -> Vec<Numeral> {
    let mut found = in_digits(text);
    found.extend(in_words(text));
    found.sort_by_key(|numeral| numeral.at.start);
    found
}

const SUPERSCRIPTS: &str = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/// A whole number in superscripts at the beginning of a text, and its length in bytes.
fn superscript(text: &str) -> Option<(i32, usize)> {
    let (sign, digits) = text.strip_prefix('⁻').map_or((1, text), |rest| (-1, rest));
    let digit = |c: char| SUPERSCRIPTS.chars().position(|own| own == c).and_then(|digit| i32::try_from(digit).ok());
    let found: Vec<(i32, usize)> = digits.chars().map_while(|c| Some((digit(c)?, c.len_utf8()))).collect();
    let value = found.iter().fold(0, |value, (digit, _)| 10 * value + digit);
    let length = text.len() - digits.len() + found.iter().map(|(_, length)| length).sum::<usize>();
    (!found.is_empty()).then_some((sign * value, length))
}

fn in_digits(text: &str) -> Vec<Numeral> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let before = text[..at].chars().next_back();
        let belongs_to_a_name = before.is_some_and(char::is_alphanumeric);
        let numeral = match c {
            _ if belongs_to_a_name && !before.is_some_and(|c| c.is_ascii_digit()) => None,
            '0'..='9' => Some(plain(text, at)),
            // An exponent: what it is raised to is a number of its own.
            _ => superscript(&text[at..]).map(|(value, length)| exact(at..at + length, f64::from(value))),
        };
        match numeral {
            Some(numeral) => {
                at = numeral.at.end;
                found.push(numeral);
            }
            None => at += c.len_utf8(),
        }
    }
    found
}

fn exact(at: Range<usize>, value: f64) -> Numeral {
    Numeral { at, value, units: (1.0, 1.0), parts: None, is_of_digits: true }
}

/// The number whose first digit stands there: `3,000`, `0.22`, `6 × 10⁻⁵`, `10⁻¹⁵`, `50 million`.
fn plain(text: &str, at: usize) -> Numeral {
    let rest = &text[at..];
    let bytes = rest.as_bytes();
    let is_digit = |i: usize| bytes.get(i).is_some_and(u8::is_ascii_digit);
    let (mut digits, mut length, mut decimals) = (String::new(), 0, 0);
    loop {
        match bytes.get(length) {
            Some(b'0'..=b'9') => {
                digits.push(char::from(bytes[length]));
                decimals += i32::from(digits.contains('.'));
            }
            Some(b',') if decimals == 0 && (1..=3).all(|i| is_digit(length + i)) && !is_digit(length + 4) => {}
            Some(b'.') if is_digit(length + 1) && !digits.contains('.') => digits.push('.'),
            _ => break,
        }
        length += 1;
    }
    let mut exponent = 0;
    if digits == "10"
        && let Some((power, more)) = superscript(&rest[length..])
    {
        // A power of ten alone has one digit.
        (digits, exponent, length) = ("1".to_owned(), power, length + more);
    } else if let Some(power) = rest[length..].strip_prefix(" × 10")
        && let Some((power, more)) = superscript(power)
    {
        (exponent, length) = (power, length + " × 10".len() + more);
    } else if rest[length..].starts_with(" million") {
        (exponent, length) = (6, length + " million".len());
    }
    let signed = text[..at].ends_with('−') && !text[..at - '−'.len_utf8()].ends_with(char::is_alphanumeric);
    // Read as one text: to the nearest number that there is.
    let read = |digits: &str, exponent: i32| format!("{digits}e{exponent}").parse().unwrap_or(f64::NAN);
    let value: f64 = read(&digits, exponent);
    let zeros = digits.bytes().rev().take_while(|digit| *digit == b'0').count();
    let zeros = if decimals > 0 || zeros == digits.len() { 0 } else { i32::try_from(zeros).unwrap_or(0) };
    Numeral {
        at: if signed { at - '−'.len_utf8() } else { at }..at + length,
        value: if signed { -value } else { value },
        units: (read("1", exponent - decimals), read("1", exponent - decimals + zeros)),
        parts: None,
        is_of_digits: true,
    }
}

const WORDS: [(&str, f64); 33] = [
    ("zero", 0.0),
    ("one", 1.0),
    ("two", 2.0),
    ("three", 3.0),
    ("four", 4.0),
    ("five", 5.0),
    ("six", 6.0),
    ("seven", 7.0),
    ("eight", 8.0),
    ("nine", 9.0),
    ("ten", 10.0),
    ("eleven", 11.0),
    ("twelve", 12.0),
    ("fifteen", 15.0),
    ("sixteen", 16.0),
    ("twenty", 20.0),
    ("thirty", 30.0),
    ("forty", 40.0),
    ("fifty", 50.0),
    ("sixty", 60.0),
    ("seventy", 70.0),
    ("eighty", 80.0),
    ("ninety", 90.0),
    ("hundred", 100.0),
    ("thousand", 1e3),
    ("thousands", 1e3),
    ("million", 1e6),
    ("millions", 1e6),
    ("twice", 2.0),
    // Powers that are spoken.
    ("thirtieth", 30.0),
    ("fiftieth", 50.0),
    ("sixtieth", 60.0),
    ("hundredfold", 100.0),
];

/// What is one part of so many.
const PARTS: [(&str, f64); 11] = [
    ("half", 2.0),
    ("third", 3.0),
    ("quarter", 4.0),
    ("fifth", 5.0),
    ("sixth", 6.0),
    ("seventh", 7.0),
    ("eighth", 8.0),
    ("ninth", 9.0),
    ("tenth", 10.0),
    ("thousandth", 1e3),
    ("millionth", 1e6),
];

/// The words of a text, where they stand.
fn words(text: &str) -> Vec<(Range<usize>, String)> {
    let mut found = Vec::new();
    let mut begin = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (c.is_alphabetic(), begin) {
            (true, None) => begin = Some(at),
            (false, Some(from)) => {
                found.push((from..at, text[from..at].to_lowercase()));
                begin = None;
            }
            _ => {}
        }
    }
    found
}

fn in_words(text: &str) -> Vec<Numeral> {
    let known = |word: &str| WORDS.iter().find(|(own, _)| *own == word).map(|(_, value)| *value);
    let parts = |word: &str| {
        let one = word.strip_suffix('s').unwrap_or(word);
        PARTS.iter().find(|(own, _)| *own == one || *own == word).map(|(_, parts)| *parts)
    };
    let mut found: Vec<Numeral> = Vec::new();
    for (at, word) in words(text) {
        // `50 million` was read with its digits.
        if matches!(word.as_str(), "million") && text[..at.start].trim_end().ends_with(|c: char| c.is_ascii_digit()) {
            continue;
        }
        let before = found.last().filter(|last| text[last.at.end..at.start].trim_matches([' ', '-']).is_empty());
        let before = before.map(|last| (last.at.start, last.value));
        let (start, value, units, shares) = match (known(&word), parts(&word), before) {
            // Seven tenths, three hundred, twenty-two.
            (None, Some(parts), Some((start, count))) if word.ends_with('s') => {
                (start, count / parts, (1.0 / parts, 1.0 / parts), None)
            }
            (Some(value), _, Some((start, count))) if value >= 100.0 => (start, count * value, (1.0, value), None),
            (Some(value), _, Some((start, tens))) if value < 10.0 && tens >= 20.0 => {
                (start, tens + value, (1.0, 1.0), None)
            }
            // A round number may be rounded.
            (Some(value), ..) if value >= 10.0 && value % 10.0 == 0.0 => (at.start, value, (1.0, 10.0), None),
            (Some(value), ..) => (at.start, value, (1.0, 1.0), None),
            // What is near a half is not near a whole: one digit, as of a thousandth.
            (None, Some(2.0), _) => (at.start, 0.5, (0.1, 0.1), None),
            (None, Some(parts), _) if parts >= 1e3 => (at.start, 1.0 / parts, (1.0 / parts, 1.0 / parts), None),
            (None, Some(parts), _) => (at.start, 1.0 / parts, (0.0, 0.0), Some(parts)),
            (None, None, _) => continue,
        };
        if start < at.start {
            found.pop();
        }
        found.push(Numeral { at: start..at.end, value, units, parts: shares, is_of_digits: false });
    }
    found
}

#[test]
fn numbers_are_found_in_digits_and_in_words() {
    let values = |text: &str| of(text).iter().map(|numeral| numeral.value).collect::<Vec<_>>();
    assert_eq!(values("0.8³⁰ is 0.0012, less: 6 × 10⁻⁵; 10⁻¹⁵ of 3,000."), [0.8, 30.0, 0.0012, 6e-5, 1e-15, 3_000.0]);
    assert_eq!(values("ln 0.8 is −0.22, λ₂ = −1, of order 1/√n; L2, v₁, h₀ and λ₁ᵏ v₁v₁ᵀ"), [0.8, -0.22, -1.0, 1.0]);
    assert_eq!(values("50 million times; 117-fold. Between −1 and 1, 0.1 × 100."), [5e7, 117.0, -1.0, 1.0, 0.1, 100.0]);
    assert_eq!(values("Seven tenths instead of a ninth, half of three hundred"), [0.7, 1.0 / 9.0, 0.5, 300.0]);
    assert_eq!(values("Eleven times a millionth, twenty-two, the fiftieth power"), [11.0, 1e-6, 22.0, 50.0]);
    assert!(values("someone stone Tenn. mone").is_empty());
}

#[test]
fn a_number_stands_for_what_is_rounded_to_it_and_for_nothing_else() {
    let one = |text: &str| of(text).remove(0);
    let is = |text: &str, value: f64| one(text).is(value);
    assert!(
        is("117", 117.39) && !is("117", 117.6) && !is("0.22", 0.226) && is("−0.22", -0.2231) && !is("−0.22", 0.2231)
    );
    assert!(is("6 × 10⁻⁵", 5.78e-5) && !is("6 × 10⁻⁵", 6.6e-5) && is("eleven", 11.05) && !is("eleven", 11.6));
    assert!(is("a fifth", 0.192) && !is("a fifth", 0.17) && is("a ninth", 0.111) && !is("a ninth", 0.1));
    assert!(is("seven tenths", 0.723) && !is("seven tenths", 0.76) && is("half", 0.51) && !is("half", 0.56));
    assert!(is("a millionth", 1.26e-6) && !is("a millionth", 1.6e-6) && !is("a millionth", 4e-7));
    assert!(!is("3,000", 3_050.0) && one("3,000").is_about(3_050.0) && !one("3,000").is_about(3_600.0));
    assert!(!is("50 million", 5.1e7) && one("50 million").is_about(5.1e7) && is("51 million", 5.1e7));
}
