//! What the datasets server makes of JSON rows: one Arrow type a column.
//! Every object of a column then has all keys that any of them has, null where it had none.

use serde_json::{Map, Value, json};

/// The type of a column or of a part of one.
#[derive(Debug, Clone, PartialEq)]
pub enum Type {
    /// Only nulls were seen.
    Null,
    /// `true` and `false`.
    Bool,
    /// Whole numbers.
    Int,
    /// Numbers.
    Float,
    /// Text.
    Text,
    /// Any number of one type.
    List(Box<Type>),
    /// Named fields, in the order in which they were first seen.
    Struct(Vec<(String, Type)>),
    /// Values of types that do not go together: kept as they are.
    Json,
}

/// The two ways in which the server writes a list's type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListForm {
    /// `{"feature": T, "_type": "List"}`, of `/rows` and `/first-rows`.
    Current,
    /// `[T]`, of `/info` and `/parquet?config=`.
    Legacy,
}

impl Type {
    /// The type of one value.
    pub fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(_) => Self::Bool,
            Value::Number(n) if n.is_f64() => Self::Float,
            Value::Number(_) => Self::Int,
            Value::String(_) => Self::Text,
            Value::Array(items) => Self::List(Box::new(
                items.iter().map(Self::of).fold(Self::Null, Self::join),
            )),
            Value::Object(fields) => Self::Struct(
                fields
                    .iter()
                    .map(|(key, value)| (key.clone(), Self::of(value)))
                    .collect(),
            ),
        }
    }

    /// The type that holds values of both.
    pub fn join(self, other: Self) -> Self {
        match (self, other) {
            (Self::Null, one) | (one, Self::Null) => one,
            (Self::Int, Self::Float) | (Self::Float, Self::Int) => Self::Float,
            (Self::List(a), Self::List(b)) => Self::List(Box::new(a.join(*b))),
            (Self::Struct(a), Self::Struct(b)) => Self::Struct(join_fields(a, b)),
            (a, b) if a == b => a,
            _ => Self::Json,
        }
    }

    /// The value with a null for every key that it lacks.
    pub fn fill(&self, value: Value) -> Value {
        match (self, value) {
            (Self::List(inner), Value::Array(items)) => {
                items.into_iter().map(|item| inner.fill(item)).collect()
            }
            (Self::Struct(fields), Value::Object(mut object)) => Value::Object(
                fields
                    .iter()
                    .map(|(key, inner)| {
                        let value = object.remove(key).unwrap_or(Value::Null);
                        (key.clone(), inner.fill(value))
                    })
                    .collect::<Map<_, _>>(),
            ),
            (_, value) => value,
        }
    }

    /// The type as the server writes it.
    pub fn feature(&self, form: ListForm) -> Value {
        let scalar = |dtype: &str| json!({"dtype": dtype, "_type": "Value"});
        match self {
            Self::Null => scalar("null"),
            Self::Bool => scalar("bool"),
            Self::Int => scalar("int64"),
            Self::Float => scalar("float64"),
            Self::Text => scalar("string"),
            Self::Json => json!({"_type": "Json"}),
            Self::List(inner) if form == ListForm::Legacy => json!([inner.feature(form)]),
            Self::List(inner) => json!({"feature": inner.feature(form), "_type": "List"}),
            Self::Struct(fields) => Value::Object(
                fields
                    .iter()
                    .map(|(key, inner)| (key.clone(), inner.feature(form)))
                    .collect(),
            ),
        }
    }

    /// A row's columns with their types; empty where a row is not an object.
    pub fn columns(&self) -> &[(String, Type)] {
        match self {
            Self::Struct(fields) => fields,
            _ => &[],
        }
    }
}

fn join_fields(mut a: Vec<(String, Type)>, b: Vec<(String, Type)>) -> Vec<(String, Type)> {
    for (key, theirs) in b {
        match a.iter_mut().find(|(name, _)| *name == key) {
            Some((_, ours)) => *ours = std::mem::replace(ours, Type::Null).join(theirs),
            None => a.push((key, theirs)),
        }
    }
    a
}
