//! Which of the files that a person chose are a model's: by their exact names, since a model's folder also holds files whose
//! names come close (`config.json`, `merges.txt`, `vocab.json`).

/// The tokenizer of a model.
pub const TOKENIZER: &str = "tokenizer.json";

/// Its special tokens, and often its chat template.
pub const CONFIG: &str = "tokenizer_config.json";

/// Its chat template, by preference.
const TEMPLATES: [&str; 2] = ["chat_template.jinja", "chat_template.json"];

/// Which files are a model's, each by its place among those chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chosen {
    /// `tokenizer.json`.
    pub tokenizer: usize,
    /// `tokenizer_config.json`, where it was chosen.
    pub config: Option<usize>,
    /// The chat template, where it was chosen: `chat_template.jinja`, else `chat_template.json`, else the only other file
    /// whose name ends in `.jinja`.
    pub template: Option<usize>,
    /// The names of those that are not used, in order.
    pub unused: Vec<String>,
}

/// Why the chosen files are not a model.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChooseError {
    /// There is no tokenizer.
    #[error(
        "There is no {TOKENIZER} among the files chosen ({}). Choose that file of the model, and {CONFIG} with it.",
        some_of(names)
    )]
    NoTokenizer {
        /// The names of those chosen.
        names: Vec<String>,
    },
    /// A name comes twice: files of several models.
    #[error("{name} was chosen twice. Choose the files of one model.")]
    Twice {
        /// The name.
        name: String,
    },
}

impl Chosen {
    /// What to say of the files that are not used; nothing where all are.
    pub fn note(&self) -> Option<String> {
        let names = some_of(&self.unused);
        (!names.is_empty()).then(|| format!("Not needed to count, and not read: {names}."))
    }
}

/// Chooses a model's files by their names.
///
/// # Errors
/// [`ChooseError`]
pub fn choose(names: &[String]) -> Result<Chosen, ChooseError> {
    let tokenizer = find(names, TOKENIZER)?.ok_or_else(|| ChooseError::NoTokenizer {
        names: names.to_vec(),
    })?;
    let config = find(names, CONFIG)?;
    let mut template = None;
    for name in TEMPLATES {
        let found = find(names, name)?;
        template = template.or(found);
    }
    let template = template.or_else(|| only_jinja(names));
    let used = [Some(tokenizer), config, template];
    let unused = names.iter().enumerate();
    let unused = unused.filter(|(at, _)| !used.contains(&Some(*at)));
    Ok(Chosen {
        tokenizer,
        config,
        template,
        unused: unused.map(|(_, name)| name.clone()).collect(),
    })
}

fn find(names: &[String], wanted: &str) -> Result<Option<usize>, ChooseError> {
    let mut places = places(names, |name| name == wanted);
    let found = places.next();
    match places.next() {
        Some(_) => Err(ChooseError::Twice {
            name: wanted.to_owned(),
        }),
        None => Ok(found),
    }
}

fn only_jinja(names: &[String]) -> Option<usize> {
    let mut places = places(names, |name| name.ends_with(".jinja"));
    let found = places.next();
    found.filter(|_| places.next().is_none())
}

fn places(names: &[String], is_wanted: impl Fn(&str) -> bool) -> impl Iterator<Item = usize> {
    let names = names.iter().enumerate();
    names.filter_map(move |(at, name)| is_wanted(name).then_some(at))
}

/// The first names, and how many more there are.
fn some_of(names: &[String]) -> String {
    const SHOWN: usize = 5;
    let shown = names.get(..SHOWN.min(names.len())).unwrap_or_default();
    let more = names.len().saturating_sub(SHOWN);
    let more = (more > 0).then(|| format!(" and {more} more"));
    shown.join(", ") + &more.unwrap_or_default()
}
