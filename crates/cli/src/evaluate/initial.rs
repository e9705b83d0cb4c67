//! Kind `init`: laws of initial weights, and what a sample of them is like.
use nalgebra::DMatrix;
use serde_json::{Value, json};
use vanishing_core::cells;
use vanishing_core::math;
use vanishing_core::random::Stream;
use vanishing_core::recurrent::{self, Ingredient, Recipe, RecurrentSpec};
use vanishing_weights::json::{Node, number, object};

/// The largest matrix that is sampled, in rows or columns.
const LARGEST_SAMPLE: usize = 1_024;

/// Bound and standard deviation where entries are independent of one law, singular values where they are not, or the
/// gains that go with activations.
pub fn initial(inputs: &Node) -> Result<Value, String> {
    let scheme = inputs.field("scheme")?.text()?;
    if scheme == "gains" {
        let gain = |cell: &&cells::CellSpec| Some((cell.slug.to_owned(), number(cell.xavier_gain?)));
        return Ok(object(cells::ALL.iter().filter_map(gain)));
    }
    let kind = schemes().find(|kind| name(kind) == scheme).ok_or_else(|| {
        let known: Vec<String> = std::iter::once("gains".to_owned()).chain(schemes().map(name)).collect();
        format!("scheme: “{scheme}” is not one of {}", known.join(", "))
    })?;
    let (rows, columns) = (inputs.field("rows_fan_out")?.size()?, inputs.field("cols_fan_in")?.size()?);
    let gain = inputs.amount("gain", 1.0)?;
    let mut stream = Stream::new(1, "reference");
    let small = rows.max(columns) <= LARGEST_SAMPLE;
    if let Some(law) = kind.distribution.map(|law| law(rows, columns, gain)) {
        let mut answer = json!({ "bound": law.bound().map(number), "std": number(law.standard_deviation()) });
        if small {
            answer["sample"] = sample(&law.sample(rows, columns, &mut stream));
        }
        return Ok(answer);
    }
    if !small {
        return Err(format!("rows_fan_out and cols_fan_in: at most {LARGEST_SAMPLE} for the scheme {scheme}"));
    }
    let recipe = Recipe { gain, eigenvalues: Vec::new(), pairs: Vec::new(), departure: 0.0 };
    let square = (kind.build)(&recipe, rows.max(columns), &mut stream);
    // Some of the rows, or some of the columns, of an orthogonal matrix: orthogonal to each other as before.
    let matrix = square.view((0, 0), (rows, columns)).into_owned();
    let short_side = rows.min(columns);
    let gram = if rows <= columns { &matrix * matrix.transpose() } else { matrix.transpose() * &matrix };
    let gram_error = (gram - DMatrix::identity(short_side, short_side) * (gain * gain)).amax();
    let radius = || matrix.complex_eigenvalues().iter().map(|z| math::hypot(z.re, z.im)).fold(0.0, f64::max);
    Ok(json!({
        "gram": "gain^2 * I (rows if rows <= cols, else columns)",
        "gram_error": number(gram_error),
        "singular_values": number(matrix.singular_values().max()),
        "spectral_radius_if_square": (rows == columns).then(|| number(radius())),
        "mean_abs_accept": null,
        "sample": sample(&matrix),
    }))
}

/// The kinds of matrices that a size and a gain determine.
fn schemes() -> impl Iterator<Item = &'static RecurrentSpec> {
    recurrent::ALL.iter().copied().filter(|kind| kind.uses.iter().all(|part| *part == Ingredient::Gain))
}

fn name(kind: &RecurrentSpec) -> String {
    kind.slug.replace('-', "_")
}

fn sample(matrix: &DMatrix<f64>) -> Value {
    json!({ "mean": number(matrix.mean()), "std": number(matrix.variance().sqrt()), "max_abs": number(matrix.amax()) })
}
