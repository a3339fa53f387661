//! What writing a value costs. A list may hold another twice, and that one a third twice: few steps make a value that is
//! written in more time than there is. So a value is paid for before it is written, a step for each of its parts.

use minijinja::functions;
use minijinja::value::{Rest, Tuple, ValueKind, ValueOrKwargs};
use minijinja::{Environment, Error, ErrorKind, State, Value, filters};
use minijinja_contrib::pycompat::unknown_method_callback;

use super::display::{KEPT, PAID};

/// How deep a value may be: deeper ones would need more stack than a worker has.
pub(super) const DEEPEST: usize = 128;

/// The bytes of a text that a step pays for, as in minijinja.
const BYTES_A_STEP: u64 = 64;

/// Pays for a value that is about to be written.
///
/// # Errors
/// Where the steps do not suffice, or the value is too deep.
pub(super) fn charge(state: &State, value: &Value) -> Result<(), Error> {
    charge_at(state, value, 0)
}

fn charge_at(state: &State, value: &Value, depth: usize) -> Result<(), Error> {
    if depth > DEEPEST {
        let why = format!("a value is more than {DEEPEST} deep");
        return Err(Error::new(ErrorKind::InvalidOperation, why));
    }
    let bytes = value.as_str().map_or(0, str::len) as u64;
    state.consume_fuel(1 + bytes / BYTES_A_STEP)?;
    match value.kind() {
        // What has no length is not written, and may be gone through only once.
        ValueKind::Iterable if value.len().is_none() => {}
        ValueKind::Seq | ValueKind::Iterable => {
            for item in value.try_iter()? {
                charge_at(state, &item, depth + 1)?;
            }
        }
        ValueKind::Map => {
            for key in value.try_iter()? {
                charge_at(state, &key, depth + 1)?;
                charge_at(state, &value.get_item(&key)?, depth + 1)?;
            }
        }
        _ => {}
    }
    Ok(())
}

/// Lets everything that writes values as text, or puts them into others, pay for them: filters, functions, methods.
///
/// What `~` and `in` write of a list that `*` repeats is not paid for: whoever runs a stranger's template ends it when it
/// does not answer.
pub(super) fn charge_all(environment: &mut Environment<'static>) {
    environment.add_filter(PAID, paid_value);
    environment.add_filter(KEPT, kept_value);
    environment.add_function("dict", paid(Value::from_function(functions::dict)));
    environment.add_function(
        "namespace",
        paid(Value::from_function(functions::namespace)),
    );
    let filters = [
        ("batch", Value::from_function(filters::batch)),
        ("capitalize", Value::from_function(filters::capitalize)),
        ("e", Value::from_function(filters::escape)),
        ("escape", Value::from_function(filters::escape)),
        ("format", Value::from_function(filters::format)),
        ("groupby", Value::from_function(filters::groupby)),
        ("join", Value::from_function(filters::join)),
        ("lower", Value::from_function(filters::lower)),
        ("pprint", Value::from_function(filters::pprint)),
        ("rejectattr", Value::from_function(filters::rejectattr)),
        ("safe", Value::from_function(filters::safe)),
        ("selectattr", Value::from_function(filters::selectattr)),
        ("slice", Value::from_function(filters::slice)),
        ("string", Value::from_function(filters::string)),
        ("title", Value::from_function(filters::title)),
        ("trim", Value::from_function(filters::trim)),
        ("upper", Value::from_function(filters::upper)),
        ("zip", Value::from_function(filters::zip)),
    ];
    for (name, filter) in filters {
        environment.add_filter(name, paid(filter));
    }
    environment.add_filter("indent", indent);
    environment.add_filter("replace", replace);
    environment.set_unknown_method_callback(|state, value, method, arguments| {
        let arguments = paid_for(state, arguments.to_vec())?;
        unknown_method_callback(state, value, method, &arguments)
    });
}

/// A value that a display built.
fn paid_value(state: &State, value: Value) -> Result<Value, Error> {
    charge(state, &value).map(|()| value)
}

/// A value that a variable keeps. A slice, a sum and a repeated list are views of other lists, which may be views, and so
/// on: they become lists of their own. A tuple without parentheses is one that is built here.
fn kept_value(state: &State, value: Value) -> Result<Value, Error> {
    if value.downcast_object_ref::<Tuple>().is_some() {
        return paid_value(state, value);
    }
    let is_list = value.downcast_object_ref::<Vec<Value>>().is_some();
    let is_view = match value.kind() {
        ValueKind::Seq => !is_list,
        ValueKind::Iterable => value.len().is_some(),
        _ => false,
    };
    if is_view {
        items(state, &value)
    } else {
        Ok(value)
    }
}

/// The items as a list of their own, each paid for.
fn items(state: &State, value: &Value) -> Result<Value, Error> {
    let mut items = Vec::new();
    for item in value.try_iter()? {
        state.consume_fuel(1)?;
        items.push(item);
    }
    Ok(Value::from(items))
}

/// A filter or a function whose arguments are paid for.
fn paid(
    filter: Value,
) -> impl Fn(&mut State, Rest<ValueOrKwargs>) -> Result<Value, Error> + Send + Sync {
    move |state: &mut State, arguments: Rest<ValueOrKwargs>| {
        let arguments = paid_for(state, arguments.into_values())?;
        filter.call(state, &arguments)
    }
}

/// `indent`, whose blanks are paid for, too.
fn indent(state: &mut State, arguments: Rest<ValueOrKwargs>) -> Result<Value, Error> {
    let arguments = paid_for(state, arguments.into_values())?;
    let named = |value: &Value| value.get_attr("width").ok()?.as_usize();
    let width = arguments
        .iter()
        .skip(1)
        .find_map(|value| value.as_usize().or_else(|| named(value)));
    let lines = arguments
        .first()
        .map_or(0, |text| text.to_string().lines().count());
    let blanks = lines.saturating_mul(width.unwrap_or(4)) as u64;
    state.consume_fuel(blanks / BYTES_A_STEP)?;
    Value::from_function(filters::indent).call(state, &arguments)
}

/// `replace`, which takes a count where it is a method only.
fn replace(state: &mut State, arguments: Rest<ValueOrKwargs>) -> Result<Value, Error> {
    let arguments = paid_for(state, arguments.into_values())?;
    match arguments.split_first() {
        Some((text, rest)) if rest.len() > 2 && text.as_str().is_some() => {
            unknown_method_callback(state, text, "replace", rest)
        }
        _ => Value::from_function(filters::replace).call(state, &arguments),
    }
}

/// The arguments, each paid for. What can be gone through only once becomes a list.
fn paid_for(state: &State, mut arguments: Vec<Value>) -> Result<Vec<Value>, Error> {
    for argument in &mut arguments {
        if argument.kind() == ValueKind::Iterable && argument.len().is_none() {
            *argument = items(state, argument)?;
        }
        charge(state, argument)?;
    }
    Ok(arguments)
}
