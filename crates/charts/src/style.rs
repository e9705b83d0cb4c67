//! How everything looks: colours, sizes, fonts. Nothing else in the crate holds a colour or a size of its own.
//!
//! The page's CSS uses the same values:
//!
//! | role | light, projector | dark |
//! |---|---|---|
//! | paper | `#ffffff` | `#12161c` |
//! | ink | `#1b1f24` (projector `#000000`) | `#e8ebee` |
//! | muted | `#5f6b76` (projector `#3d464f`) | `#9aa5b1` |
//! | grid | `#e4e8eb` (projector `#d0d5d9`) | `#2a313a` |
//! | vanishing, its text | `#0072b2`, `#0068a3` | `#56b4e9` |
//! | exploding, its text | `#d55e00`, `#b34e00` | `#ff8a4c` |
//! | preserved, its text | `#009e73`, `#007a59` | `#2cc79b` |
//! | series 0: purple | `#7a4fc0` | `#b79cf2` |
//! | series 1: amber, its text | `#c08a00`, `#8a6200` | `#e0b341` |
//! | series 2: pink, its text | `#d0559f`, `#b03a80` | `#f29ac8` |
//! | series 3: grey blue | `#546e87` | `#a3b6ca` |
//! | series 4: brown | `#8c564b` | `#d1a08f` |
//! | series 5: olive, its text | `#8b8f1a`, `#6b6e12` | `#c5c95a` |
//!
//! Every text colour has a contrast of at least 4.5 : 1 against its paper (tested).
use crate::scene::Tone;
use vanishing_core::math;

/// An opaque colour, sRGB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour {
    /// The part of red, 0 to 255; green and blue likewise.
    pub red: u8,
    /// Green, 0 to 255.
    pub green: u8,
    /// Blue, 0 to 255.
    pub blue: u8,
}

impl Colour {
    /// From `0xRRGGBB`.
    pub const fn hex(code: u32) -> Self {
        Self { red: (code >> 16) as u8, green: (code >> 8) as u8, blue: code as u8 }
    }

    /// For style sheets: `#0072b2`.
    pub fn css(self) -> String {
        format!("#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }

    /// `amount` of the way to another colour.
    pub fn towards(self, other: Self, amount: f64) -> Self {
        let mix = |from: u8, to: u8| {
            (f64::from(from) + (f64::from(to) - f64::from(from)) * amount.clamp(0.0, 1.0)).round() as u8
        };
        Self { red: mix(self.red, other.red), green: mix(self.green, other.green), blue: mix(self.blue, other.blue) }
    }

    /// Relative luminance, 0 to 1 (WCAG 2.2).
    pub fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.040_45 { value / 12.92 } else { math::powf((value + 0.055) / 1.055, 2.4) }
        };
        0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue)
    }

    /// Contrast ratio, 1 to 21 (WCAG 2.2); text needs 4.5, graphics 3.
    pub fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }
}

/// Where the picture is seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// Dark on white: for a page in daylight, and for print.
    #[default]
    Light,
    /// Light on near-black.
    Dark,
    /// Light, with black ink, larger text and thicker lines: for the back row of a lecture hall.
    Projector,
}

impl Theme {
    /// All themes, in the order of the menu.
    pub const ALL: [Self; 3] = [Self::Light, Self::Dark, Self::Projector];

    /// The background.
    pub fn paper(self) -> Colour {
        self.pick(0xff_ffff, 0x12_161c, 0xff_ffff)
    }

    /// Text, axes that matter, the cursor.
    pub fn ink(self) -> Colour {
        self.pick(0x1b_1f24, 0xe8_ebee, 0x00_0000)
    }

    /// Secondary text and reference lines.
    pub fn muted(self) -> Colour {
        self.pick(0x5f_6b76, 0x9a_a5b1, 0x3d_464f)
    }

    /// Grid lines, faint enough to lie below everything.
    pub fn grid(self) -> Colour {
        self.pick(0xe4_e8eb, 0x2a_313a, 0xd0_d5d9)
    }

    /// The background of gutters and of cells without a value.
    pub fn shade(self) -> Colour {
        self.pick(0xf3_f5f7, 0x1b_2129, 0xee_f0f2)
    }

    /// The colour of lines and areas of a tone.
    pub fn colour(self, tone: Tone) -> Colour {
        match tone {
            Tone::Vanishing => self.pick(0x00_72b2, 0x56_b4e9, 0x00_72b2),
            Tone::Exploding => self.pick(0xd5_5e00, 0xff_8a4c, 0xd5_5e00),
            Tone::Preserved => self.pick(0x00_9e73, 0x2c_c79b, 0x00_9e73),
            Tone::Ink => self.ink(),
            Tone::Muted => self.muted(),
            Tone::Series(number) => match number % 6 {
                0 => self.pick(0x7a_4fc0, 0xb7_9cf2, 0x7a_4fc0),
                1 => self.pick(0xc0_8a00, 0xe0_b341, 0xc0_8a00),
                2 => self.pick(0xd0_559f, 0xf2_9ac8, 0xd0_559f),
                3 => self.pick(0x54_6e87, 0xa3_b6ca, 0x54_6e87),
                4 => self.pick(0x8c_564b, 0xd1_a08f, 0x8c_564b),
                _ => self.pick(0x8b_8f1a, 0xc5_c95a, 0x8b_8f1a),
            },
        }
    }

    /// The colour of text of a tone: the same hue, dark (or light) enough to read.
    pub fn text(self, tone: Tone) -> Colour {
        match (self, tone) {
            (Self::Dark, _) => self.colour(tone),
            (_, Tone::Vanishing) => Colour::hex(0x00_68a3),
            (_, Tone::Exploding) => Colour::hex(0xb3_4e00),
            (_, Tone::Preserved) => Colour::hex(0x00_7a59),
            (_, Tone::Series(number)) => match number % 6 {
                1 => Colour::hex(0x8a_6200),
                2 => Colour::hex(0xb0_3a80),
                5 => Colour::hex(0x6b_6e12),
                _ => self.colour(tone),
            },
            _ => self.colour(tone),
        }
    }

    fn pick(self, light: u32, dark: u32, projector: u32) -> Colour {
        Colour::hex(match self {
            Self::Light => light,
            Self::Dark => dark,
            Self::Projector => projector,
        })
    }
}

/// Everything a picture needs to know besides its scene and size.
#[derive(Clone, Debug, PartialEq)]
pub struct Style {
    /// Device pixels per CSS pixel.
    pub scale: f64,
    /// Where the picture is seen.
    pub theme: Theme,
    /// A CSS list of font families.
    pub font_family: String,
    /// Size of direct labels in CSS pixels; ticks and axis titles are a step smaller.
    pub font_size: f64,
}

impl Default for Style {
    fn default() -> Self {
        Self::new(Theme::Light, 1.0)
    }
}

impl Style {
    /// The usual font sizes of a theme at a device pixel ratio.
    pub fn new(theme: Theme, scale: f64) -> Self {
        Self {
            scale,
            theme,
            font_family: "Inter, system-ui, -apple-system, Segoe UI, Roboto, Helvetica, Arial, sans-serif".into(),
            font_size: if theme == Theme::Projector { 18.0 } else { 13.0 },
        }
    }

    /// CSS pixels as device pixels.
    pub fn px(&self, css: f64) -> f64 {
        css * if self.scale.is_finite() { self.scale.clamp(0.25, 16.0) } else { 1.0 }
    }

    /// Lengths that grow with the text: gaps, gutters, radii.
    pub fn grown(&self, css: f64) -> f64 {
        self.px(css * (self.label_css() / 13.0).clamp(0.75, 3.0))
    }

    /// A line's width in device pixels: whole, at least 1; thicker for the projector.
    pub fn stroke(&self, css: f64) -> u32 {
        let factor = if self.theme == Theme::Projector { 1.5 } else { 1.0 };
        self.px(css * factor).round().clamp(1.0, 200.0) as u32
    }

    /// Size of direct labels in device pixels.
    pub fn label_size(&self) -> f64 {
        self.px(self.label_css())
    }

    /// Size of ticks, axis titles and remarks in device pixels.
    pub fn small_size(&self) -> f64 {
        self.px((self.label_css() - 1.0).max(self.label_css() * 0.92))
    }

    /// Height of a line of text of a size.
    pub fn line_height(&self, size: f64) -> f64 {
        size * 1.3
    }

    fn label_css(&self) -> f64 {
        if self.font_size.is_finite() { self.font_size.clamp(4.0, 96.0) } else { 13.0 }
    }
}

/// An estimate of a text's width, on the wide side of common sans-serif fonts.
///
/// Measuring would append an element to the page for every label, and would make the layout differ between platforms.
pub fn text_width(text: &str, size: f64) -> f64 {
    WIDEST_FONT * size * text.chars().map(character_width).sum::<f64>()
}

/// The widest of the usual interface fonts, DejaVu Sans, beside the one that the table below was taken from.
const WIDEST_FONT: f64 = 1.1;

/// Width in units of the font size.
fn character_width(character: char) -> f64 {
    match character {
        '\u{0300}'..='\u{036f}' | '\u{20d0}'..='\u{20ff}' => 0.0,
        'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | '·' | 'ı' | '’' => 0.29,
        ' ' => 0.29,
        'f' | 't' | 'r' | '(' | ')' | '[' | ']' | '/' | '-' | 'I' | '"' | '‖' => 0.39,
        '⁰' | '¹' | '²' | '³' | '⁴'..='⁹' | '⁻' | '⁺' | '₀'..='₉' | 'ₜ' | 'ₖ' | 'ᵀ' | 'ᵏ' | 'ᵗ' => {
            0.42
        }
        '0'..='9' => 0.62,
        'm' | 'M' | 'W' | 'w' | '∞' | '—' | '%' | '@' | '…' => 0.89,
        'A'..='Z' => 0.69,
        's' | 'c' | 'k' | 'v' | 'x' | 'y' | 'z' => 0.55,
        'a'..='z' => 0.6,
        '+' | '−' | '=' | '×' | '<' | '>' | '≤' | '≥' | '≈' | '±' | '→' => 0.68,
        '\u{2e80}'..='\u{ffff}' => 1.05,
        _ => 0.66,
    }
}

/// The text, or as much of its beginning as fits with an ellipsis; `None` if not even three letters fit.
pub fn ellipsis(text: &str, size: f64, width: f64) -> Option<String> {
    if text_width(text, size) <= width {
        return Some(text.into());
    }
    let mut kept = String::new();
    let mut used = text_width("…", size);
    for character in text.chars() {
        used += WIDEST_FONT * size * character_width(character);
        if used > width {
            break;
        }
        kept.push(character);
    }
    (kept.chars().count() >= 3).then(|| format!("{}…", kept.trim_end()))
}

/// The text in lines no wider than `width` (words that are wider keep a line of their own, shortened).
pub fn wrap(text: &str, size: f64, width: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if text_width(line, size) + text_width(word, size) + text_width(" ", size) <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.into()),
        }
    }
    lines.into_iter().filter_map(|line| ellipsis(&line, size, width)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tones() -> impl Iterator<Item = Tone> {
        [Tone::Vanishing, Tone::Exploding, Tone::Preserved, Tone::Ink, Tone::Muted]
            .into_iter()
            .chain((0..6).map(Tone::Series))
    }

    #[test]
    fn text_of_every_tone_can_be_read_in_every_theme() {
        for theme in Theme::ALL {
            for tone in tones() {
                let ratio = theme.text(tone).contrast(theme.paper());
                assert!(ratio >= 4.5, "{theme:?} {tone:?}: {ratio:.2}");
            }
        }
    }

    #[test]
    fn lines_of_every_tone_stand_out_in_every_theme() {
        for theme in Theme::ALL {
            for tone in tones() {
                let ratio = theme.colour(tone).contrast(theme.paper());
                assert!(ratio >= 3.0, "{theme:?} {tone:?}: {ratio:.2}");
            }
        }
    }

    #[test]
    fn no_two_tones_of_a_theme_share_a_colour() {
        for theme in Theme::ALL {
            let all: Vec<_> = tones().map(|tone| theme.colour(tone)).collect();
            for (index, one) in all.iter().enumerate() {
                assert!(!all.iter().skip(index + 1).any(|other| other == one), "{theme:?}: {}", one.css());
            }
        }
    }

    #[test]
    fn black_on_white_has_the_largest_contrast() {
        assert!((Colour::hex(0).contrast(Colour::hex(0xff_ffff)) - 21.0).abs() < 1e-9);
    }

    #[test]
    fn a_shortened_text_fits_and_a_wrapped_text_keeps_its_words() {
        let text = "gradient norm over the sequence";
        let short = ellipsis(text, 10.0, 80.0).unwrap();
        assert!(short.ends_with('…') && text_width(&short, 10.0) <= 80.0);
        assert_eq!(wrap(text, 10.0, 80.0).join(" "), text);
        assert_eq!(ellipsis(text, 10.0, 5.0), None);
    }
}
