//! What a script may call beyond the language itself: `json`, `base64`, and two operations of the language that are bounded here.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use starlark::environment::{Globals, GlobalsBuilder};
use starlark::starlark_module;
use starlark::values::list::{AllocList, ListRef};
use starlark::values::tuple::TupleRef;
use starlark::values::{Heap, Value};

use super::{failure, json};

/// A product (a text or a list repeated) may have so many bytes or elements.
const PRODUCT: usize = 1 << 24;

/// A range may have so many numbers.
const RANGE: usize = 1 << 20;

/// The function that stands for `*`; no script can name it by accident.
const MULTIPLY: &str = "__multiply";

/// The language's own functions without any that print or load, and ours.
pub(super) fn globals() -> Globals {
    let mut builder = GlobalsBuilder::standard();
    bounded_operations(&mut builder);
    builder.namespace("json", json_functions);
    builder.namespace("base64", base64_functions);
    builder.build()
}

/// Operators that become calls.
pub(super) fn operators() -> HashMap<String, String> {
    HashMap::from([("*".to_owned(), MULTIPLY.to_owned())])
}

#[starlark_module]
fn bounded_operations(builder: &mut GlobalsBuilder) {
    fn __multiply<'v>(
        #[starlark(require = pos)] left: Value<'v>,
        #[starlark(require = pos)] right: Value<'v>,
        heap: Heap<'v>,
    ) -> starlark::Result<Value<'v>> {
        check_product(left, right)?;
        left.mul(right, heap)
    }

    fn range<'v>(
        #[starlark(require = pos)] first: i32,
        #[starlark(require = pos)] second: Option<i32>,
        #[starlark(require = pos, default = 1)] step: i32,
        heap: Heap<'v>,
    ) -> starlark::Result<Value<'v>> {
        let (start, stop) = second.map_or((0, first), |stop| (first, stop));
        numbers(start, stop, step).map(|list| heap.alloc(AllocList(list)))
    }
}

#[starlark_module]
fn json_functions(builder: &mut GlobalsBuilder) {
    fn encode(#[starlark(require = pos)] x: Value) -> starlark::Result<String> {
        let mut out = String::new();
        json::write(x, &mut out)?;
        Ok(out)
    }

    fn decode<'v>(#[starlark(require = pos)] x: &str, heap: Heap<'v>) -> starlark::Result<Value<'v>> {
        json::read(x, heap)
    }
}

#[starlark_module]
fn base64_functions(builder: &mut GlobalsBuilder) {
    fn encode(#[starlark(require = pos)] x: &str) -> starlark::Result<String> {
        Ok(STANDARD.encode(x))
    }

    /// Bytes that make no UTF-8 become U+FFFD, because a text is all the language has.
    fn decode(#[starlark(require = pos)] x: &str) -> starlark::Result<String> {
        let bytes = STANDARD.decode(x).map_err(|error| failure(format!("base64.decode: {error}")))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

/// Refuses a text or list that would become too long, and numbers that would.
fn check_product(left: Value<'_>, right: Value<'_>) -> starlark::Result<()> {
    let (size, times) = match (size(left), size(right)) {
        (Some(size), None) => (size, right.unpack_i32()),
        (None, Some(size)) => (size, left.unpack_i32()),
        _ => return check_numbers(left, right),
    };
    let times = times.map_or(PRODUCT, |times| usize::try_from(times).unwrap_or(0));
    if size.saturating_mul(times) > PRODUCT {
        return Err(failure(format!("a product of more than {PRODUCT} bytes or elements")));
    }
    Ok(())
}

fn check_numbers(left: Value<'_>, right: Value<'_>) -> starlark::Result<()> {
    let wide = |value: Value<'_>| value.get_type() == "int" && value.to_str().len() > 40;
    if wide(left) || wide(right) {
        return Err(failure("a product of numbers of more than 40 digits".to_owned()));
    }
    Ok(())
}

fn size(value: Value<'_>) -> Option<usize> {
    let text = value.unpack_str().map(str::len);
    text.or_else(|| ListRef::from_value(value).map(|list| list.len()))
        .or_else(|| TupleRef::from_value(value).map(|tuple| tuple.len()))
}

fn numbers(start: i32, stop: i32, step: i32) -> starlark::Result<Vec<i32>> {
    let distance = i64::from(stop) - i64::from(start);
    let stride = usize::try_from(step.unsigned_abs()).unwrap_or(usize::MAX);
    if step == 0 {
        return Err(failure("range: the step must not be 0".to_owned()));
    }
    if distance.signum() != i64::from(step.signum()) {
        return Ok(Vec::new());
    }
    let count = usize::try_from(distance.unsigned_abs()).unwrap_or(usize::MAX).div_ceil(stride);
    if count > RANGE {
        return Err(failure(format!("range: more than {RANGE} numbers")));
    }
    // The last number lies before `stop`, so it fits.
    Ok((0..count).scan(start, |next, _| Some(std::mem::replace(next, next.wrapping_add(step)))).collect())
}
