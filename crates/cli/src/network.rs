//! A network of one's own: `--weights`, `--network`, `--readout`.
use clap::{Arg, ArgAction, ArgMatches};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};
use vanishing_weights::{Choice, Opened};

/// The flags.
pub fn flags() -> [Arg; 3] {
    let weights = Arg::new("weights")
        .long("weights")
        .value_name("FILE")
        .action(ArgAction::Append)
        .value_parser(clap::value_parser!(PathBuf))
        .help(
            "for figures of chapters 1 to 3: a network of your own, as safetensors, .npz, ONNX or JSON; several times for the parts of \
             one model, or its index",
        );
    let network = Arg::new("network")
        .long("network")
        .value_name("PREFIX")
        .requires("weights")
        .help("which recurrent network of the file: what stands before weight_hh_l0; the largest without it");
    let readout = Arg::new("readout").long("readout").value_name("PREFIX").requires("weights").help(
        "which linear layer of the file makes what is compared with its tensor `target`: what stands before weight",
    );
    [weights, network, readout]
}

/// The same, the files being named without a flag.
pub fn of_files() -> [Arg; 3] {
    let [_, network, readout] = flags();
    let files = Arg::new("weights")
        .value_name("FILE")
        .required(true)
        .num_args(1..)
        .value_parser(clap::value_parser!(PathBuf))
        .help("a network of your own, as safetensors, .npz, ONNX or JSON; several files if they are the parts of one model, or its index");
    [files, network, readout]
}

/// The network that the flags name; none without `--weights`.
///
/// # Errors
/// One sentence for what cannot be read, or does not fit: a script must not go on with other inputs than it asked for.
pub fn opened(arguments: &ArgMatches) -> Result<Option<Opened>, String> {
    let Some(paths) = arguments.get_many::<PathBuf>("weights") else { return Ok(None) };
    let mut paths: Vec<PathBuf> = paths.cloned().collect();
    if let [path] = &paths[..] {
        let beside = beside(path)?;
        paths.extend(beside);
    }
    let mut files = Vec::new();
    for path in &paths {
        let file = File::open(path).map_err(|error| cannot_read(path, &error))?;
        let size = file.metadata().map_err(|error| cannot_read(path, &error))?.len();
        files.push((file, size));
    }
    // A file is known by its name: sentences are short, and a path may be long.
    let shown = |path: &Path| path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let offered: Vec<(String, u64)> = paths.iter().zip(&files).map(|(path, (_, size))| (shown(path), *size)).collect();
    let given = |name: &str| arguments.get_one::<String>(name).cloned();
    let choice = Choice { network: given("network"), readout: given("readout") };
    let opened = vanishing_weights::open_all(&offered, choice, &mut |range| read(&paths, &mut files, range))?;
    match opened.unfit.first() {
        Some(why) => Err(format!("{}: {why}", opened.name)),
        None => Ok(Some(opened)),
    }
}

/// The parts of a model that lie beside its index.
fn beside(path: &Path) -> Result<Vec<PathBuf>, String> {
    if !path.to_string_lossy().ends_with(".index.json") {
        return Ok(Vec::new());
    }
    let content = std::fs::read(path).map_err(|error| cannot_read(path, &error))?;
    let names = vanishing_weights::beside_index(&content).map_err(|why| format!("{}: {why}", path.display()))?;
    Ok(names.iter().map(|name| path.with_file_name(name)).filter(|part| part.exists()).collect())
}

/// Bytes of the files, which lie one after the other.
fn read(paths: &[PathBuf], files: &mut [(File, u64)], range: Range<u64>) -> Result<Vec<u8>, String> {
    let mut start = 0;
    for (path, (file, size)) in paths.iter().zip(files) {
        if range.start >= start && range.end <= start + *size {
            let mut content = Vec::new();
            let from = file.seek(SeekFrom::Start(range.start - start));
            let taken = from.and_then(|_| file.take(range.end - range.start).read_to_end(&mut content));
            return taken.map(|_| content).map_err(|error| cannot_read(path, &error));
        }
        start += *size;
    }
    Ok(Vec::new())
}

fn cannot_read(path: &Path, error: &std::io::Error) -> String {
    format!("cannot read {}: {error}", path.display())
}
