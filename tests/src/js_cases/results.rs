//! Calls that have a result, and native code’s.
use super::case::{Case, array, list, number, result, signed};
use super::networks::networks;
use super::stacks::stacks;
use serde_json::{Map, Value, json};
use vanishing_core::given::{self, Named};
use vanishing_core::param::Settings;
use vanishing_core::random::Stream;
use vanishing_core::spectral::{self, SymmetricMatrix, Threshold};
use vanishing_core::training::{Place, Report, Trainer, params};

/// All calls that have a result.
///
/// # Errors
/// When native code refuses what was meant to be right.
pub fn with_results() -> Result<Vec<Case>, String> {
    let mut cases = matrices()?;
    cases.extend(alignments()?);
    cases.extend(probabilities());
    cases.extend(networks()?);
    cases.extend(stacks()?);
    cases.extend(trainings());
    Ok(cases)
}

/// Runs of training: of a cell each, with a remedy each, one of which breaks down.
pub(super) fn trainings() -> Vec<Case> {
    let runs = [
        (
            "a clipped tanh network",
            json!({ "hiddenSize": 9, "sequenceLength": 12, "clipNorm": true, "maxNorm": 0.5 }),
            60,
        ),
        ("an LSTM with Adam", json!({ "cell": "lstm", "hidden-size": 5, "optimizer": "adam", "task": "adding" }), 5),
        ("a GRU in segments", json!({ "cell": "gru", "hiddenSize": 5, "checkpointing": true, "batchNorm": true }), 3),
        ("a run that breaks down", json!({ "activation": "relu", "learningRate": 1e6, "task": "adding" }), 60),
    ];
    runs.into_iter().map(|(sentence, options, steps)| training(sentence, &options, steps)).collect()
}

pub(super) fn training(sentence: &str, options: &Value, steps: usize) -> Case {
    // `layer1MaxNorm` is `layer1-max-norm`: they have the same letters.
    let letters = |key: &str| key.replace('-', "").to_ascii_lowercase();
    let hyphened = |key: &str| {
        params::all().iter().find(|spec| letters(spec.key) == letters(key)).map_or(key, |spec| spec.key).to_owned()
    };
    let pairs: Vec<(String, String)> = options
        .as_object()
        .into_iter()
        .flatten()
        .map(|(key, value)| (hyphened(key), value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
        .collect();
    let pairs = pairs.iter().map(|(key, value)| (key.as_str(), value.as_str()));
    let (settings, notices) = Settings::from_pairs(params::all(), pairs);
    assert_eq!(notices, [], "{sentence}");
    let mut trainer = Trainer::new(&settings);
    let reports: Vec<Report> = (0..steps).map_while(|_| trainer.step()).collect();
    let column = |of: &dyn Fn(&Report) -> f64| array(reports.iter().map(of).collect::<Vec<f64>>());
    let breakdown = trainer.breakdown().map_or(Value::Null, |breakdown| {
        let (place, tensor) = match &breakdown.place {
            Place::State { .. } => ("state", Value::Null),
            Place::Loss => ("loss", Value::Null),
            Place::Gradient(name) => ("gradient", json!(name)),
            Place::Weights(name) => ("weights", json!(name)),
        };
        json!({ "step": number(breakdown.step as f64), "place": place, "tensor": tensor })
    });
    let newest = reports.last();
    let report = json!({
        "step": column(&|report| report.step as f64),
        "loss": column(&|report| report.loss),
        "accuracy": column(&|report| report.accuracy),
        "learningRate": column(&|report| report.learning_rate),
        "log10GradientNorm": column(&Report::gradient_log10),
        "log10GradientNormAfter": column(&Report::gradient_after_log10),
        "log10UpdateNorm": column(&|report| report.update_log10),
        "bytes": number(newest.map_or(0.0, |report| report.bytes as f64)),
        "recomputedSteps": number(newest.map_or(0.0, |report| report.recomputed as f64)),
        "breakdown": breakdown,
    });
    let test = trainer.test();
    let weights: Map<String, Value> = (trainer.weights().tensors.iter())
        .map(|tensor| {
            let values = list(tensor.values.iter().map(|w| f64::from(*w)));
            (tensor.name.clone(), json!({ "Float32Array": values }))
        })
        .collect();
    let found = json!({
        "report": report,
        "test": { "loss": number(test.loss), "accuracy": number(test.accuracy) },
        "weights": weights,
        "updates": number(trainer.updates() as f64),
    });
    result(format!("{sentence}, {steps} updates"), "Trainer", json!({ "options": options, "steps": steps }), found)
}

pub(super) fn matrix(eigenvalues: &[f64]) -> SymmetricMatrix {
    SymmetricMatrix::new(eigenvalues, &mut Stream::new(11, "test"))
}

pub(super) fn matrices() -> Result<Vec<Case>, String> {
    let mut cases = Vec::new();
    for eigenvalues in [&[1.3, -0.8, 0.2][..], &[0.0, 0.0], &[-2.0]] {
        let m = matrix(eigenvalues).matrix;
        let found = spectral::eigenvalues(&m);
        for k in [0, 1, 7, 1_000] {
            let power = spectral::power(&m, k);
            let exponent = power.exponent as f64;
            cases.push(result(
                format!("the eigenvalues {eigenvalues:?} to the power {k}"),
                "matrixPower",
                json!({ "matrix": array(m.iter().copied()), "size": m.nrows(), "power": k }),
                json!({
                    "matrix": array(power.matrix.transpose().iter().copied()),
                    "exponent": number(exponent),
                    "log10Scale": number(exponent * std::f64::consts::LOG10_2),
                    "log10MaxAbs": number(power.log10_max_abs()),
                    "eigenvalues": array(found.iter().copied()),
                    "eigenvaluePowers": signed(&given::eigenvalue_powers(&found, k)),
                    "measuredEigenvalues": signed(&spectral::log10_abs_eigenvalues(&power)),
                }),
            ));
        }
    }
    // Several powers at once are each of them alone.
    let m = matrix(&[1.3, -0.8, 0.2]).matrix;
    let (found, ks) = (spectral::eigenvalues(&m), [7u64, 0, 1_000, 7]);
    let powers: Vec<_> = ks.iter().map(|k| spectral::power(&m, *k)).collect();
    let each = |of: &dyn Fn(&spectral::MatrixPower) -> f64| array(powers.iter().map(of).collect::<Vec<_>>());
    cases.push(result(
        format!("the powers {ks:?} at once"),
        "matrixPower",
        json!({ "matrix": array(m.iter().copied()), "size": 3, "powers": ks }),
        json!({
            "matrix": array(powers.iter().flat_map(|power| power.matrix.transpose().as_slice().to_vec())),
            "exponent": each(&|power| power.exponent as f64),
            "log10Scale": each(&|power| power.exponent as f64 * std::f64::consts::LOG10_2),
            "log10MaxAbs": each(&spectral::MatrixPower::log10_max_abs),
            "eigenvalues": array(found.iter().copied()),
            "eigenvaluePowers": signed(&ks.iter().flat_map(|k| given::eigenvalue_powers(&found, *k)).collect::<Vec<_>>()),
            "measuredEigenvalues": signed(&powers.iter().flat_map(spectral::log10_abs_eigenvalues).collect::<Vec<_>>()),
        }),
    ));
    // Single precision in, and an ordinary array: 1.1 is another number in single precision.
    for (kind, values) in [("Float32Array", [f64::from(1.1f32), 0.5, 0.5, 0.25]), ("", [1.1, 0.5, 0.5, 0.25])] {
        let options = if kind.is_empty() { list(values) } else { json!({ kind: list(values) }) };
        let m = given::symmetric_matrix(Named { name: String::new(), values: values.to_vec() }, 2)?;
        cases.push(result(
            format!("eigenvalues of numbers of kind {kind:?}"),
            "symmetricEigenvalues",
            json!({ "matrix": options, "size": 2 }),
            json!({ "eigenvalues": array(spectral::eigenvalues(&m)) }),
        ));
    }
    Ok(cases)
}

pub(super) fn alignments() -> Result<Vec<Case>, String> {
    let ks = [0u64, 1, 2, 50, 100_000];
    let answer = |eigenvalues: &[f64], coefficients: &[f64], target: usize| {
        let starts = coefficients.chunks_exact(eigenvalues.len());
        let found: Vec<_> =
            starts.flat_map(|start| ks.iter().map(move |k| spectral::align(eigenvalues, start, target, *k))).collect();
        let each = |part: fn(&spectral::Alignment) -> f64| {
            array(found.iter().map(|(_, found)| found.as_ref().map_or(f64::NAN, part)))
        };
        json!({
            "angle": each(|a| a.angle),
            "signedAngle": each(|a| a.signed_angle),
            "dominantSpaceAngle": each(|a| a.dominant_space_angle),
            "log10Tan": each(|a| a.log10_tan),
            "log10Norm": array(found.iter().map(|(norm, _)| *norm)),
            "eigenvalues": array(eigenvalues.iter().copied()),
            "coefficients": array(coefficients.iter().copied()),
            "target": target,
        })
    };
    let mut cases = Vec::new();
    for (eigenvalues, start, target) in [
        (&[0.5, -1.2, 0.9][..], &[1.0, 0.01, -2.0][..], 1),
        (&[2.0, 1.0], &[0.0, 1.0], 0),
        (&[0.0, 0.0], &[1.0, 1.0], 0),
    ] {
        cases.push(result(
            format!("alignment with the eigenvalues {eigenvalues:?}"),
            "alignment",
            json!({ "eigenvalues": list(eigenvalues.iter().copied()), "start": array(start.iter().copied()), "powers": ks }),
            answer(eigenvalues, start, target),
        ));
    }
    let m = matrix(&[1.1, 0.9, -0.4]);
    let found = given::decompose(&m.matrix);
    let start = Stream::new(3, "test").normals(3);
    let column = |i: usize| found.eigenvectors.column(i).iter().copied().collect::<Vec<f64>>();
    let coefficients: Vec<f64> = (0..3).map(|i| spectral::accurate_dot(&start, &column(i))).collect();
    cases.push(result(
        "alignment with a matrix".to_owned(),
        "alignment",
        json!({ "matrix": array(m.matrix.iter().copied()), "size": 3, "start": list(start), "powers": ks, "target": 2 }),
        answer(&found.eigenvalues, &coefficients, 2),
    ));
    let starts = Stream::new(4, "test").normals(4 * 3);
    let coefficients =
        starts.chunks_exact(3).flat_map(|start| (0..3).map(|i| spectral::accurate_dot(start, &column(i))));
    let coefficients: Vec<f64> = coefficients.collect();
    cases.push(result(
        "alignment of four starts at once".to_owned(),
        "alignment",
        json!({ "matrix": array(m.matrix.iter().copied()), "size": 3, "start": array(starts), "starts": 4, "powers": ks }),
        answer(&found.eigenvalues, &coefficients, 0),
    ));
    Ok(cases)
}

pub(super) fn probabilities() -> Vec<Case> {
    let ks = [0u64, 1, 10, 1_000];
    let eigenvalues = [0.9, -1.1, 0.3, 0.3];
    let metrics = [("angle", Threshold::Angle), ("cosine", Threshold::Cosine), ("sine", Threshold::Sine)];
    let case = |(name, threshold): (&str, Threshold)| {
        let tangent = threshold.tangent(0.1);
        let found = ks.map(|k| spectral::alignment_probability(&eigenvalues, 1, tangent, k));
        let each = |part: fn(&spectral::Probability) -> f64| {
            array(found.iter().map(|found| found.as_ref().map_or(f64::NAN, part)))
        };
        result(
            format!("the probability of alignment by {name}"),
            "alignmentProbability",
            json!({ "eigenvalues": eigenvalues, "powers": { "Uint32Array": ks }, "epsilon": 0.1, "metric": name }),
            json!({
                "probability": each(|p| p.p),
                "complement": each(|p| p.complement),
                "tangent": number(tangent),
                "target": 1,
            }),
        )
    };
    metrics.into_iter().map(case).collect()
}
