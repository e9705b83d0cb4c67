//! `read`: a character network on a text of one's own, without a browser.
use crate::complaint::complain;
use clap::{Arg, ArgAction, ArgMatches, Command};
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use vanishing_charts::format;
use vanishing_core::cells;
use vanishing_core::math::LN_2;
use vanishing_core::param::Settings;
use vanishing_core::text::{self, ALICE, Baselines, Corpus, Reach, Reading};
use vanishing_core::training::params;

/// `read`, with its options.
pub fn command() -> Command {
    let number = |name: &'static str, default: &'static str, most: u64, help: &'static str| {
        Arg::new(name)
            .long(name)
            .value_name("N")
            .default_value(default)
            .value_parser(clap::value_parser!(u64).range(0..=most))
            .help(help)
    };
    let real = |name: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name("X").value_parser(clap::value_parser!(f64)).help(help)
    };
    Command::new("read")
        .about("train a network on a text, character by character: bits a character, a sample, how far back it looks")
        .arg(
            Arg::new("TEXT")
                .value_parser(clap::value_parser!(PathBuf))
                .help("a text file in UTF-8; chapter I of “Alice’s Adventures in Wonderland” without it"),
        )
        .arg(
            Arg::new("cell")
                .long("cell")
                .value_name("LIST")
                .default_value("rnn,lstm,gru")
                .help("the cells, with commas between them: rnn, lstm, gru, leaky, antisymmetric, orthogonal, min-gru"),
        )
        .arg(number("updates", "1000", 1_000_000, "how many updates"))
        .arg(number("sample", "300", 100_000, "how many characters of the sample"))
        .arg(real("temperature", "τ of the sample, from 0 (always the most probable character) to 10; 0.7 without it"))
        .arg(
            Arg::new("set").long("set").value_name("KEY=VALUE").action(ArgAction::Append).help(
                "a parameter of the network or its training, as in an address: --set hidden-size=128 --set seed=3",
            ),
        )
}

/// Runs `read`: what the text is, then each cell.
pub fn read(arguments: &ArgMatches) -> Result<String, String> {
    let content = match arguments.get_one::<PathBuf>("TEXT") {
        None => ALICE.to_owned(),
        Some(path) => {
            let bytes = fs::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
            String::from_utf8(bytes)
                .map_err(|_| format!("{} is not a text in UTF-8: save it in that encoding", path.display()))?
        }
    };
    let corpus = Arc::new(Corpus::new(&content)?);
    let temperature = arguments.get_one::<f64>("temperature").copied().unwrap_or(text::TEMPERATURE);
    if !(0.0..=10.0).contains(&temperature) {
        return Err(format!("--temperature: {temperature} is not a number from 0 to 10"));
    }
    let number = |name: &str| arguments.get_one::<u64>(name).copied().unwrap_or(0);
    let (updates, count) = (number("updates"), number("sample") as usize);
    let changes: Vec<&String> = arguments.get_many("set").into_iter().flatten().collect();
    let Baselines { unigram, bigram } = Baselines::of(&corpus);
    let mut out = format!(
        "{}\nbits a character on what is held out: {} by the frequencies of characters, {} by those of pairs\n",
        corpus.sentence(),
        bits(unigram),
        bits(bigram)
    );
    for name in arguments.get_one::<String>("cell").map_or("", String::as_str).split(',') {
        let settings = settings(name.trim(), &changes)?;
        let mut reading = Reading::new(&settings, &corpus)?;
        let mut loss = f64::NAN;
        for report in (0..updates).map_while(|_| reading.step()) {
            loss = report.loss;
        }
        if let Some(breakdown) = reading.trainer().breakdown() {
            complain(&format!("{name}: diverged at update {}: {:?}", breakdown.step, breakdown.place));
        }
        let reach = reading.reach(reading.usual_place());
        let _ = writeln!(
            out,
            "\n{}: {} bits a character after {} updates ({} on the last windows that were learned)\nsample: {}\n{}",
            name.trim(),
            bits(reading.bits()),
            format::count(reading.trainer().updates()),
            bits(loss / LN_2),
            reading.sample(count, temperature),
            stretch(&corpus, &reach)
        );
    }
    Ok(out)
}

fn bits(bits: f64) -> String {
    if bits.is_finite() { format!("{bits:.2}") } else { "no number of".to_owned() }
}

/// What a cell is trained with.
fn settings(cell: &str, changes: &[&String]) -> Result<Settings, String> {
    let kind = cells::ALL.iter().find(|spec| spec.kind == cell).map(|spec| spec.kind);
    let kind = kind.ok_or_else(|| format!("--cell: “{cell}” is not {}", cells::kinds()))?;
    let mut settings = text::defaults(kind);
    for change in changes {
        let pair = change.split_once('=').ok_or_else(|| format!("--set: “{change}” is not KEY=VALUE"))?;
        if let Some(notice) = settings.take(params::all(), pair.0.trim(), pair.1.trim()) {
            return Err(notice.text);
        }
    }
    Ok(settings)
}

/// The stretch with the gradient at each of its characters, in steps of a factor of ten.
fn stretch(corpus: &Corpus, reach: &Reach) -> String {
    let shown = |character: char| if character == '\n' { '⏎' } else { character };
    let text: String = corpus.text(reach.from, reach.from + reach.norms.len()).chars().map(shown).collect();
    let digit = |share: &f64| match (-share).round() {
        nan if nan.is_nan() => '?',
        less if less > 9.0 => '·',
        digit => char::from(b'0' + digit.max(0.0) as u8),
    };
    let digits: String = reach.shares().iter().map(digit).collect();
    let next = corpus.text(reach.from + reach.norms.len(), reach.from + reach.norms.len() + 1);
    format!(
        "read:     {text}\ngradient: {digits}\n(k: about 10^-k of what it is at the last character; ·: less than 10^-9; then comes “{}”)\n{}",
        next.chars().map(shown).collect::<String>(),
        reach.sentence()
    )
}

#[cfg(test)]
mod tests {
    use std::env;
    use std::fs;

    fn ask(arguments: &[&str]) -> Result<String, String> {
        let all = ["vanishing", "read"].iter().chain(arguments);
        let matches = crate::command().try_get_matches_from(all).map_err(|error| error.to_string())?;
        crate::answer(&matches)
    }

    #[test]
    fn a_text_is_read_beside_its_baselines() {
        let path = env::temp_dir().join(format!("vanishing-{}-read.txt", std::process::id()));
        fs::write(&path, "abcd".repeat(400)).expect("a file");
        let arguments = [
            path.to_str().expect("a path"),
            "--cell",
            "gru, min-gru",
            "--updates",
            "60",
            "--sample",
            "20",
            "--set",
            "hidden-size=12",
            "--set",
            "sequence-length=10",
            "--set",
            "learning-rate=0.05",
        ];
        let text = ask(&arguments).expect("a text");
        assert!(text.starts_with("1,600 characters of 4 kinds; the first 1,440 are learned"), "{text}");
        assert!(text.contains("2.00 by the frequencies of characters, 0.01 by those of pairs"), "{text}");
        assert!(text.contains("gru: 0.0") && text.contains("sample: abcdabcdabcdabcdabcd\n"), "{text}");
        assert!(text.contains("min-gru: ") && text.contains("the gradient") || text.contains("The gradient"), "{text}");
        assert_eq!(ask(&arguments).expect("the same"), text);
        fs::write(&path, [0xff, 0xfe]).expect("a file");
        assert!(ask(&[path.to_str().expect("a path")]).expect_err("refused").contains("not a text in UTF-8"));
        fs::remove_file(path).expect("gone");
    }

    #[test]
    fn what_cannot_be_taken_is_one_sentence() {
        let why = |arguments: &[&str]| ask(arguments).expect_err("refused");
        assert!(why(&["/no/such/file"]).contains("cannot read"));
        assert!(why(&["--cell", "tea"]).contains("“tea” is not rnn, lstm, gru"));
        assert!(why(&["--set", "tea"]).contains("“tea” is not KEY=VALUE"));
        assert!(why(&["--set", "tea=1"]).contains("“tea” is not a parameter"));
        assert!(why(&["--temperature", "11"]).contains("from 0 to 10"));
    }
}
