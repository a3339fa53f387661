//! The datasets server: which path answers what, and the checks before it.
//! Messages and codes are the service's own words.

use serde_json::{Value, json};

use super::answer::Answer;
use super::arrow::ListForm;
use super::dataset::{DataSet, Split, shortened};
use super::log::Asked;
use super::parquet;

/// The token that opens gated datasets.
pub const TOKEN: &str = "hf_good";

const MAX_LENGTH: u64 = 100;
const FIRST_ROWS_BYTES: usize = 200_000;
const NO_ACCESS: &str = "The dataset does not exist, or is not accessible without authentication (private or gated). Please check the spelling of the dataset name or retry with authentication.";

/// The answer, or the error's answer.
type Outcome<T = Answer> = Result<T, Answer>;

/// Answers one request.
///
/// `hub` is the address in the URLs of files.
pub fn answer(datasets: &[DataSet], asked: &Asked, hub: &str) -> Answer {
    let answer = match asked.path.as_str() {
        "/splits" => on_dataset(datasets, asked, splits),
        "/size" => on_dataset(datasets, asked, size),
        "/parquet" => on_dataset(datasets, asked, |dataset, config| {
            Ok(parquet::list(dataset, config, hub))
        }),
        "/is-valid" => on_dataset(datasets, asked, is_valid),
        "/rows" => rows(datasets, asked),
        "/first-rows" => first_rows(datasets, asked),
        _ => Err(Answer::error(404, "ResponseNotFound", "Not found.")),
    };
    answer.unwrap_or_else(|error| error)
}

fn on_dataset(
    datasets: &[DataSet],
    asked: &Asked,
    tell: impl Fn(&DataSet, Option<&str>) -> Outcome,
) -> Outcome {
    let dataset = accessible(datasets, &required(asked, "dataset")?, asked)?;
    let config = asked.parameter("config");
    if let Some(config) = &config {
        known_config(dataset, config)?;
    }
    Ok(tell(dataset, config.as_deref())?.at(&dataset.revision))
}

fn required(asked: &Asked, key: &str) -> Outcome<String> {
    let value = asked.parameter(key).filter(|value| !value.is_empty());
    value.ok_or_else(|| {
        Answer::error(
            422,
            "MissingRequiredParameter",
            &format!("Parameter '{key}' is required"),
        )
    })
}

/// The dataset, if it exists and the token of the request opens it.
fn accessible<'a>(datasets: &'a [DataSet], id: &str, asked: &Asked) -> Outcome<&'a DataSet> {
    let found = datasets.iter().find(|dataset| dataset.id == id);
    let token = asked.token.as_deref();
    let open = found.filter(|dataset| !dataset.gated || token == Some(TOKEN));
    open.ok_or_else(|| match token {
        None => Answer::error(401, "ExternalUnauthenticatedError", NO_ACCESS),
        Some(_) => Answer::error(
            404,
            "ExternalAuthenticatedError",
            "The dataset does not exist, or is not accessible with the current credentials (private or gated). Please check the spelling of the dataset name or retry with other authentication credentials.",
        ),
    })
}

fn known_config(dataset: &DataSet, config: &str) -> Outcome<()> {
    let known = dataset.configs().contains(&config);
    let not_found = || Answer::error(404, "ResponseNotFound", "Not found.");
    known.then_some(()).ok_or_else(not_found)
}

/// The splits of a config, or all.
pub fn of_config<'a>(dataset: &'a DataSet, config: Option<&str>) -> Vec<&'a Split> {
    dataset
        .splits
        .iter()
        .filter(|split| config.is_none_or(|config| split.config == config))
        .collect()
}

/// `pending` and `failed`, as every answer on a whole dataset has them.
pub fn missing(dataset: &DataSet, kind: &str) -> (Value, Value) {
    let pending = dataset.pending.iter().map(
        |config| json!({"kind": kind, "dataset": dataset.id, "config": config, "split": null}),
    );
    let failed = dataset.failed.iter().map(|(config, error)| {
        json!({"kind": kind, "dataset": dataset.id, "config": config, "split": null,
               "error": {"error": error, "cause_exception": "CastError", "cause_message": error}})
    });
    (pending.collect(), failed.collect())
}

fn splits(dataset: &DataSet, config: Option<&str>) -> Outcome {
    let splits: Value = of_config(dataset, config)
        .iter()
        .map(|s| json!({"dataset": dataset.id, "config": s.config, "split": s.name}))
        .collect();
    if config.is_some() {
        return Ok(Answer::json(json!({ "splits": splits }).to_string()));
    }
    let (pending, failed) = missing(dataset, "config-split-names");
    let body = json!({"splits": splits, "pending": pending, "failed": failed});
    Ok(Answer::json(body.to_string()))
}

fn size(dataset: &DataSet, config: Option<&str>) -> Outcome {
    let sizes = |splits: &[&Split]| {
        json!({
            "dataset": dataset.id,
            "num_bytes_original_files": sum(splits, Split::bytes_parquet),
            "num_bytes_parquet_files": sum(splits, Split::bytes_parquet),
            "num_bytes_memory": sum(splits, |s| s.bytes),
            "num_rows": sum(splits, Split::len),
            "estimated_num_rows": estimated(splits),
        })
    };
    let config_size = |config: &str| {
        let splits = of_config(dataset, Some(config));
        let mut value = sizes(&splits);
        value["config"] = json!(config);
        value["num_columns"] = json!(splits.first().map(|s| s.row_type.columns().len()));
        value
    };
    let split_sizes: Value = of_config(dataset, config)
        .iter()
        .map(|s| {
            json!({"dataset": dataset.id, "config": s.config, "split": s.name,
                   "num_bytes_parquet_files": s.bytes_parquet(), "num_bytes_memory": s.bytes,
                   "num_rows": s.len(), "num_columns": s.row_type.columns().len(),
                   "estimated_num_rows": s.estimated_rows})
        })
        .collect();
    let body = match config {
        Some(config) => json!({"size": {"config": config_size(config), "splits": split_sizes},
                               "partial": dataset.partial}),
        None => {
            let configs: Value = dataset.configs().into_iter().map(config_size).collect();
            let (pending, failed) = missing(dataset, "config-size");
            json!({"size": {"dataset": sizes(&of_config(dataset, None)), "configs": configs, "splits": split_sizes},
                   "pending": pending, "failed": failed, "partial": dataset.partial})
        }
    };
    Ok(Answer::json(body.to_string()))
}

fn sum(splits: &[&Split], part: impl Fn(&Split) -> u64) -> u64 {
    splits.iter().map(|split| part(split)).sum()
}

/// The true number of rows where a split is held in part; null where all is held.
fn estimated(splits: &[&Split]) -> Option<u64> {
    let any = splits.iter().any(|split| split.estimated_rows.is_some());
    any.then(|| sum(splits, |s| s.estimated_rows.unwrap_or(s.len())))
}

fn is_valid(dataset: &DataSet, _config: Option<&str>) -> Outcome {
    let any = !dataset.splits.is_empty();
    let body =
        json!({"preview": any, "viewer": any, "search": any, "filter": any, "statistics": any});
    Ok(Answer::json(body.to_string()))
}

/// The split that is asked for. A split that does not exist is a crash of the real server, and so it is here.
fn wanted<'a>(datasets: &'a [DataSet], asked: &Asked) -> Outcome<(&'a DataSet, &'a Split)> {
    let id = required(asked, "dataset")?;
    let config = required(asked, "config")?;
    let name = required(asked, "split")?;
    let dataset = accessible(datasets, &id, asked)?;
    known_config(dataset, &config)?;
    let found = of_config(dataset, Some(&config))
        .into_iter()
        .find(|split| split.name == name);
    found
        .map(|split| (dataset, split))
        .ok_or_else(|| Answer::error(500, "UnexpectedApiError", "Unexpected error."))
}

/// A whole number that is not negative, in the server's words if it is not.
fn natural(asked: &Asked, key: &str, default: u64) -> Outcome<u64> {
    let refuse = |why: &str| {
        Answer::error(
            422,
            "InvalidParameter",
            &format!("Parameter '{key}' must {why}"),
        )
    };
    match asked.parameter(key) {
        None => Ok(default),
        Some(text) => match text.parse::<i64>() {
            Err(_) => Err(refuse("be integer")),
            Ok(number) => u64::try_from(number).map_err(|_| refuse("be positive")),
        },
    }
}

fn features(split: &Split) -> Value {
    let columns = split.row_type.columns().iter().enumerate();
    columns
        .map(|(index, (name, inner))| {
            json!({"feature_idx": index, "name": name, "type": inner.feature(ListForm::Current)})
        })
        .collect()
}

fn rows(datasets: &[DataSet], asked: &Asked) -> Outcome {
    let offset = natural(asked, "offset", 0)?;
    let length = natural(asked, "length", MAX_LENGTH)?;
    if length > MAX_LENGTH {
        return Err(Answer::error(
            422,
            "InvalidParameter",
            "Parameter 'length' must not be greater than 100",
        ));
    }
    let (dataset, split) = wanted(datasets, asked)?;
    if split.is_too_big {
        return Err(Answer::too_big(500));
    }
    let items = split.items(offset..offset.saturating_add(length)).join(",");
    let (features, total, partial) = (features(split), split.len(), dataset.partial);
    let body = format!(
        r#"{{"features":{features},"rows":[{items}],"num_rows_total":{total},"num_rows_per_page":100,"partial":{partial}}}"#
    );
    Ok(Answer::json(body).at(&dataset.revision))
}

/// Rows are left out until the answer is small, then the cells of what is left are shortened.
fn first_rows(datasets: &[DataSet], asked: &Asked) -> Outcome {
    let (dataset, split) = wanted(datasets, asked)?;
    if split.is_too_big {
        return Err(Answer::too_big(501));
    }
    let mut items = split.items(0..MAX_LENGTH);
    while items.len() > 10 && items.iter().map(String::len).sum::<usize>() > FIRST_ROWS_BYTES {
        items.pop();
    }
    let truncated = (items.len() as u64) < split.len();
    if items.iter().map(String::len).sum::<usize>() > FIRST_ROWS_BYTES {
        items = items.iter().map(|item| shortened_item(item)).collect();
    }
    let body = format!(
        r#"{{"dataset":{},"config":{},"split":{},"features":{},"rows":[{}],"truncated":{truncated}}}"#,
        json!(dataset.id),
        json!(split.config),
        json!(split.name),
        features(split),
        items.join(",")
    );
    Ok(Answer::json(body).at(&dataset.revision))
}

/// A row item with every long cell shortened and named.
fn shortened_item(item: &str) -> String {
    let mut item: Value = serde_json::from_str(item).expect("an item is JSON");
    let long: Vec<String> = item["row"]
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(_, cell)| cell.to_string().len() > 100)
        .map(|(column, _)| column.clone())
        .collect();
    for column in &long {
        let row = shortened(&item["row"].to_string(), column);
        item["row"] = serde_json::from_str(&row).expect("a shortened row is JSON");
    }
    item["truncated_cells"] = json!(long);
    item.to_string()
}
