//! The tree of a file's columns, cut to the leaves that are wanted; and which leaves a survey reads.
//! A node knows from which definition level on it is there, and a list at which repetition level it goes on.

use parquet::basic::{ConvertedType, LogicalType, Repetition};
use parquet::schema::types::{SchemaDescriptor, Type};

use super::{ParquetError, Result};
use tracesift_core::trace;

/// Levels of nesting at most.
const DEEPEST: usize = 32;

/// A column, or a part of one.
#[derive(Debug)]
pub struct Node {
    /// Its values are there from this definition level on.
    pub defined: i16,
    /// The first of its leaves, by its place among the wanted ones.
    pub first: usize,
    /// How many of the wanted leaves are below it.
    pub leaves: usize,
    /// What it is.
    pub kind: Kind,
}

/// What a node is.
#[derive(Debug)]
pub enum Kind {
    /// A value.
    Leaf,
    /// An object: its fields, each by the place of its name in [`Columns::names`].
    Struct(Vec<(usize, Node)>),
    /// A list of such items: it has one from the definition level on, and goes on at the repetition level.
    List {
        /// From here on it has an item.
        filled: i16,
        /// Another item follows at this level.
        repeats: i16,
        /// An item.
        item: Box<Node>,
    },
}

/// The columns of a file that are wanted.
#[derive(Debug)]
pub struct Columns {
    /// The row.
    pub root: Node,
    /// The wanted leaves, by their index in the file.
    pub leaves: Vec<usize>,
    /// The names of all fields.
    pub names: Vec<String>,
}

impl Columns {
    /// The columns whose leaves pass. `wants` is given a leaf's path.
    ///
    /// # Errors
    /// [`ParquetError`] where columns are nested deeper than any real ones.
    pub fn of(schema: &SchemaDescriptor, wants: impl Fn(&[String]) -> bool) -> Result<Self> {
        let paths = schema.columns().iter();
        let wanted: Vec<bool> = paths.map(|column| wants(column.path().parts())).collect();
        let mut build = Build {
            wanted: &wanted,
            next: 0,
            leaves: Vec::new(),
            names: Vec::new(),
        };
        let fields = build.fields(schema.root_schema(), Levels::default(), 0)?;
        let root = Node {
            defined: 0,
            first: 0,
            leaves: build.leaves.len(),
            kind: Kind::Struct(fields),
        };
        Ok(Self {
            root,
            leaves: build.leaves,
            names: build.names,
        })
    }
}

/// Walks the schema; leaves are numbered in its order.
struct Build<'w> {
    wanted: &'w [bool],
    next: usize,
    leaves: Vec<usize>,
    names: Vec<String>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Levels {
    definition: i16,
    repetition: i16,
}

impl Levels {
    fn of(self, field: &Type) -> Self {
        match repetition(field) {
            Repetition::REQUIRED => self,
            Repetition::OPTIONAL => Self {
                definition: self.definition + 1,
                ..self
            },
            Repetition::REPEATED => Self {
                definition: self.definition + 1,
                repetition: self.repetition + 1,
            },
        }
    }
}

fn repetition(field: &Type) -> Repetition {
    let info = field.get_basic_info();
    if info.has_repetition() {
        info.repetition()
    } else {
        Repetition::REQUIRED
    }
}

impl Build<'_> {
    fn fields(&mut self, group: &Type, levels: Levels, depth: usize) -> Result<Vec<(usize, Node)>> {
        let mut fields = Vec::new();
        for field in group.get_fields() {
            if let Some(node) = self.field(field, levels, depth)? {
                fields.push((self.names.len(), node));
                self.names.push(field.name().to_owned());
            }
        }
        Ok(fields)
    }

    /// A field of a group; one that repeats without being marked as a list is a list all the same.
    fn field(&mut self, field: &Type, around: Levels, depth: usize) -> Result<Option<Node>> {
        let levels = around.of(field);
        if repetition(field) != Repetition::REPEATED {
            return self.node(field, levels, depth);
        }
        let item = self.node(field, levels, depth)?;
        Ok(item.map(|item| list(around.definition, levels, item)))
    }

    /// What a field is, its own repetition put aside.
    fn node(&mut self, field: &Type, levels: Levels, depth: usize) -> Result<Option<Node>> {
        if depth > DEEPEST {
            return Err(ParquetError::corrupt("its columns are nested too deep"));
        }
        let first = self.leaves.len();
        if field.is_primitive() {
            let leaf = self.next;
            self.next += 1;
            if !self.wanted.get(leaf).copied().unwrap_or_default() {
                return Ok(None);
            }
            self.leaves.push(leaf);
            return Ok(Some(Node {
                defined: levels.definition,
                first,
                leaves: 1,
                kind: Kind::Leaf,
            }));
        }
        if let Some(repeated) = items_of(field) {
            let inside = levels.of(repeated);
            let item = match only_field(repeated, field) {
                Some(item) => self.field(item, inside, depth + 1)?,
                None => self.node(repeated, inside, depth + 1)?,
            };
            return Ok(item.map(|item| list(levels.definition, inside, item)));
        }
        let fields = self.fields(field, levels, depth + 1)?;
        let leaves = self.leaves.len() - first;
        Ok((leaves > 0).then_some(Node {
            defined: levels.definition,
            first,
            leaves,
            kind: Kind::Struct(fields),
        }))
    }
}

fn list(defined: i16, inside: Levels, item: Node) -> Node {
    Node {
        defined,
        first: item.first,
        leaves: item.leaves,
        kind: Kind::List {
            filled: inside.definition,
            repeats: inside.repetition,
            item: Box::new(item),
        },
    }
}

/// The repeated field of a group that is marked as a list or a map.
fn items_of(group: &Type) -> Option<&Type> {
    let info = group.get_basic_info();
    let is_marked = matches!(
        info.logical_type_ref(),
        Some(LogicalType::List | LogicalType::Map)
    ) || matches!(
        info.converted_type(),
        ConvertedType::LIST | ConvertedType::MAP | ConvertedType::MAP_KEY_VALUE
    );
    match group.get_fields() {
        [only] if is_marked && repetition(only) == Repetition::REPEATED => Some(only),
        _ => None,
    }
}

/// The item inside a list's repeated group, by the format's rules for lists of older writers; `None` where the
/// repeated field itself is the item.
fn only_field<'t>(repeated: &'t Type, list: &Type) -> Option<&'t Type> {
    if repeated.is_primitive() {
        return None;
    }
    let name = repeated.name();
    match repeated.get_fields() {
        [item] if name != "array" && name != format!("{}_tuple", list.name()) => Some(item),
        _ => None,
    }
}

/// Whether a survey reads a leaf: names and kinds of rows, outcomes, who speaks and which tools are called, but no
/// text. Judged by its path, as rows are by their fields' names.
pub fn is_metadata_column(path: &[String]) -> bool {
    trace::is_metadata_column(&names_of(path))
}

/// Whether a leaf is read where patches are wanted but no conversation.
pub fn is_metadata_or_patch(path: &[String]) -> bool {
    let names = names_of(path);
    trace::is_metadata_column(&names) || trace::is_patch_text(&names)
}

/// A path without the names that lists are given inside a file.
fn names_of(path: &[String]) -> Vec<&str> {
    path.iter()
        .map(String::as_str)
        .filter(|name| {
            !matches!(
                *name,
                "list" | "element" | "item" | "array" | "bag" | "array_element"
            )
        })
        .collect()
}
