//! The recurrent networks of a file: which there are, which is opened, and what of it is missing or was not used.
use crate::layouts::Tensors;
use crate::opened::FoundNetwork;
use crate::state_dict::{Place, place};
use crate::tensors::{Names, count};
use crate::words::{counted, shortened, some_of};
use vanishing_core::cells;

/// The networks of these tensors, in the order of their prefixes.
pub fn list(all: &Tensors) -> Vec<FoundNetwork> {
    let (mut prefixes, mut networks) = (Names::new(), Vec::<Vec<(Place, &[usize])>>::new());
    for (name, tensor) in all.iter() {
        let Some(place) = place(name) else { continue };
        let index = *prefixes.entry(place.prefix.to_owned()).or_insert(networks.len());
        if index == networks.len() {
            networks.push(Vec::new());
        }
        networks[index].push((place, &tensor.shape));
    }
    let found = prefixes.into_iter().filter_map(|(prefix, index)| {
        let places = &networks[index];
        if !places.iter().any(|(place, _)| place.part == "weight_hh") {
            return None;
        }
        let first = |part: &str| {
            let is = |place: &Place| place.part == part && place.layer == 0 && !place.reverse;
            places.iter().find(|(place, _)| is(place)).and_then(|(_, shape)| match shape {
                [rows, columns] => Some((*rows, *columns)),
                _ => None,
            })
        };
        let (rows, state_size) = first("weight_hh").unwrap_or((0, 0));
        let hidden_size = first("weight_hr").map_or(state_size, |(_, columns)| columns);
        let whole = hidden_size > 0 && rows % hidden_size == 0;
        Some(FoundNetwork {
            prefix,
            cell: whole.then(|| cells::of_gates(rows / hidden_size)).flatten(),
            layers: places.iter().map(|(place, _)| place.layer + 1).max().unwrap_or(1),
            bidirectional: places.iter().any(|(place, _)| place.reverse),
            input_size: first("weight_ih").map_or(0, |(_, columns)| columns),
            hidden_size,
            numbers: places.iter().map(|(_, shape)| count(shape)).fold(0, usize::saturating_add),
        })
    });
    found.collect()
}

/// The prefix as it stands in a sentence.
pub fn called(prefix: &str) -> String {
    if prefix.is_empty() { "“” (without a prefix)".to_owned() } else { format!("“{}”", shortened(prefix)) }
}

/// Which of these prefixes is meant: with or without the dot or slash at its end, or its only one that begins so.
///
/// # Errors
/// One sentence with those that there are.
pub fn named(what: &str, prefixes: &[&str], wanted: &str) -> Result<usize, String> {
    const ENDS: [char; 3] = ['.', '/', '_'];
    let bare = |prefix: &str| prefix.trim_end_matches(ENDS).to_owned();
    if let Some(index) = prefixes.iter().position(|prefix| *prefix == wanted) {
        return Ok(index);
    }
    let meant: Vec<usize> = (0..prefixes.len()).filter(|i| bare(prefixes[*i]) == bare(wanted)).collect();
    let begins = |prefix: &str| {
        let rest = prefix.strip_prefix(&bare(wanted));
        !bare(wanted).is_empty() && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(ENDS))
    };
    let meant = match meant.is_empty() {
        true => (0..prefixes.len()).filter(|i| begins(prefixes[*i])).collect(),
        false => meant,
    };
    match meant[..] {
        [index] => Ok(index),
        _ => {
            let there: Vec<String> = prefixes.iter().map(|prefix| called(prefix)).collect();
            let there = match there.is_empty() {
                true => "none".to_owned(),
                false => there.join(", "),
            };
            Err(format!(
                "it has no {what} “{}”; there {} {there}",
                shortened(wanted),
                match prefixes.len() {
                    1 => "is only",
                    _ => "are",
                }
            ))
        }
    }
}

/// Which network is opened, and what is said of the choice.
///
/// # Errors
/// One sentence if there is none of that prefix.
pub fn choose(networks: &[FoundNetwork], wanted: Option<&str>) -> Result<(usize, Option<String>), String> {
    let prefixes: Vec<&str> = networks.iter().map(|network| network.prefix.as_str()).collect();
    if let Some(wanted) = wanted {
        return named("recurrent network", &prefixes, wanted).map(|index| (index, None));
    }
    let sizes = networks.iter().map(|network| network.numbers).enumerate();
    let Some((largest, most)) = sizes.max_by_key(|(_, numbers)| *numbers) else { return Ok((0, None)) };
    if networks.len() == 1 {
        return Ok((largest, None));
    }
    let others = prefixes.iter().enumerate().filter(|(index, _)| *index != largest).map(|(_, prefix)| called(prefix));
    let others: Vec<String> = others.collect();
    let says = format!(
        "The file has {} recurrent networks; {}, was opened, and not {}.",
        networks.len(),
        match networks.iter().filter(|network| network.numbers == most).count() {
            1 => format!("the largest, {}", called(prefixes[largest])),
            _ => format!("{}, one of the largest", called(prefixes[largest])),
        },
        others.join(", ")
    );
    Ok((largest, Some(says)))
}

/// Refuses a network of which two tensors have one place, or a bias is lost that other layers have; says which biases it
/// has not at all.
///
/// # Errors
/// One sentence.
pub fn check_whole(all: &Tensors, prefix: &str) -> Result<Option<String>, String> {
    let mut is_translated = false;
    let mut there: Vec<(Place, &str)> = Vec::new();
    for (name, tensor) in all.iter() {
        let Some(place) = place(name).filter(|place| place.prefix == prefix) else { continue };
        is_translated |= tensor.says.is_some();
        if let Some((_, other)) = there.iter().find(|(other, _)| *other == place) {
            return Err(format!(
                "{} and {} are two tensors for one place; expected one of them",
                shortened(other),
                shortened(name)
            ));
        }
        there.push((place, name));
    }
    // Each layer and direction has one weight_hh.
    let row = |place: &Place| (place.layer, place.reverse);
    let rows: Vec<(usize, bool)> =
        there.iter().filter(|(place, _)| place.part == "weight_hh").map(|(place, _)| row(place)).collect();
    let has =
        |wanted: &(usize, bool), part: &str| there.iter().any(|(place, _)| row(place) == *wanted && place.part == part);
    let mut without = Vec::new();
    for part in ["bias_ih", "bias_hh"] {
        let missing: Vec<&(usize, bool)> = rows.iter().filter(|row| !has(row, part)).collect();
        match missing.first() {
            None => {}
            Some(_) if missing.len() == rows.len() => without.push(part),
            Some((layer, back)) => {
                let back = if *back { "_reverse" } else { "" };
                return Err(format!(
                    "{} is missing, which {} of {} {}",
                    shortened(&format!("{prefix}{part}_l{layer}{back}")),
                    rows.len() - missing.len(),
                    counted(rows.len(), "layer"),
                    if rows.len() - missing.len() == 1 { "has" } else { "have" }
                ));
            }
        }
    }
    // Other layouts have one bias for both.
    Ok((without.len() == 1 && !is_translated)
        .then(|| format!("It has no {}; that is taken for zero.", without.concat())))
}

/// The sentence about the network's own tensors that were not used: what stands below its prefix, or, where it has none,
/// beside it.
pub fn unused<'a>(prefix: &str, names: impl Iterator<Item = &'a str>) -> Option<String> {
    let own: Vec<&str> = names.filter(|name| name.starts_with(prefix)).collect();
    if own.is_empty() {
        return None;
    }
    let of = if prefix.is_empty() { "the file’s other tensors" } else { "its own tensors" };
    let shown = some_of(own.iter().map(|name| &name[prefix.len()..]));
    let is_norm = |name: &&str| {
        let name = name.to_ascii_lowercase();
        ["norm", "ln", "bn"].iter().any(|part| name[prefix.len()..].contains(part))
    };
    let warning = match own.iter().any(is_norm) {
        true => " If they normalise what the cell computes, its gradients are other ones than these.",
        false if own.len() == 1 => " If it acts within the recurrence, its gradients are other ones than these.",
        false => " If they act within the recurrence, its gradients are other ones than these.",
    };
    // What makes inputs of words stands outside.
    let is_outside = own.iter().all(|name| name[prefix.len()..].to_ascii_lowercase().contains("emb"));
    let warning = if is_outside { "" } else { warning };
    Some(format!(
        "Of {of} {} not used: {shown}.{warning}",
        match own.len() {
            1 => "this one was".to_owned(),
            count => format!("{count} were"),
        }
    ))
}

/// The sentence for a file without a recurrent network.
pub fn none<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> String {
    let has = match names.len() {
        0 => "it has no tensor at all".to_owned(),
        _ => format!("it has {}", some_of(names)),
    };
    let known: Vec<&str> = crate::layouts::ALL.iter().map(|layout| layout.title).collect();
    format!(
        "it holds no recurrent network: no name ends in weight_hh_l0 as PyTorch’s do, or is one that other layouts have ({}); \
         {has}",
        known.join(", ")
    )
}
