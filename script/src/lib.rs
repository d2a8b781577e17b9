//! `parser.script`: a Starlark function from the line to a dictionary, for what patterns cannot say.
//!
//! A script sees its argument and nothing else: no files, no loads, no printing, no clock. It is bounded in steps, time,
//! memory, depth and size of its result, so that a slip in a schema costs one line and not the run. The bounds are
//! for slips, not for malice: a single call that multiplies texts (join, replace, format) is bounded by its inputs alone.

use std::sync::Arc;

use opstools_logs::parse::text::script;
use opstools_logs::schema::Script;
use opstools_logs::time::monotonic;
use starlark::environment::{FrozenModule, Module};
use starlark::eval::{BeforeStmtFunc, BeforeStmtFuncDyn, Evaluator};
use starlark::syntax::{AstModule, Dialect};
use starlark::values::{OwnedFrozenValue, Value};

mod functions;
mod json;

/// Calls and turns of loops for one line. A script that splits a line of a thousand fields takes some thousands.
const TICKS: u64 = 1_000_000;

/// Memory for one line: nothing is given back while a function runs.
const MEMORY: usize = 64 << 20;

/// Calls within calls; Starlark has no recursion, so this is generous.
const DEPTH: usize = 50;

/// Time for one line; a sensible script takes microseconds.
const TIME: std::time::Duration = std::time::Duration::from_secs(2);

/// The clock is read once in so many statements.
const STATEMENTS_PER_LOOK: u32 = 256;

/// The longest source, in bytes. Together with [`COMPILER_STACK`] it bounds how deep expressions can be nested, which
/// the compiler walks by calls.
const LONGEST: usize = 1 << 14;

/// The compiler's stack: the longest source of nothing but operators takes about half of it in a debug build.
const COMPILER_STACK: usize = 512 << 20;

/// The function that is called if a script defines several.
const MAIN: &str = "parse";

/// Lets the parser take scripts.
pub fn install() {
    script::install(|script| Ok(Arc::new(Function::new(script)?)));
}

/// A script, compiled once and called for each line.
#[derive(Debug)]
pub struct Function {
    module: FrozenModule,
    name: String,
}

impl Function {
    /// Compiles a script and runs its top level, which defines the function.
    ///
    /// # Errors
    /// What is wrong with it, with line and column; no function, or several of which none is `parse`.
    pub fn new(script: &Script) -> Result<Self, String> {
        let source = &script.function;
        if source.len() > LONGEST {
            return Err(format!("the script is longer than {LONGEST} bytes"));
        }
        let compiler = std::thread::Builder::new().stack_size(COMPILER_STACK);
        std::thread::scope(|scope| {
            let compiler = compiler.spawn_scoped(scope, || Self::compile(source));
            let compiler = compiler.map_err(|error| format!("no thread to compile the script: {error}"))?;
            compiler.join().unwrap_or_else(|_| Err("the interpreter failed while compiling the script".to_owned()))
        })
    }

    fn compile(source: &str) -> Result<Self, String> {
        let ast = parse(source)?;
        let globals = functions::globals();
        let module = Module::with_temp_heap(|module| {
            {
                let mut evaluator = bounded(&module)?;
                evaluator.eval_module(ast, &globals)?;
            }
            module.freeze().map_err(starlark::Error::from)
        });
        let module = module.map_err(|error| sentence(&error))?;
        let name = main_function(&module)?;
        Ok(Self { module, name })
    }

    fn evaluate(
        module: &Module<'_>,
        function: &OwnedFrozenValue,
        line: &str,
        out: &mut String,
    ) -> starlark::Result<()> {
        let mut evaluator = bounded(module)?;
        let function = module.heap().access_owned_frozen_value(function);
        let line: Value<'_> = module.heap().alloc(line);
        let result = evaluator.eval_function(function, &[line], &[])?;
        json::write_event(result, out)
    }
}

impl script::Function for Function {
    fn call(&self, line: &str, out: &mut String) -> Result<(), String> {
        let before = out.len();
        let function = self.module.get(&self.name).map_err(|error| error.to_string())?;
        let result = Module::with_temp_heap(|module| Self::evaluate(&module, &function, line, out));
        result.map_err(|error| {
            out.truncate(before);
            sentence(&error)
        })
    }
}

fn parse(source: &str) -> Result<AstModule, String> {
    // An operation in place cannot be replaced by a function that looks at the size of its result.
    if source.contains("*=") {
        return Err("the script uses `*=`; write `a = a * b`".to_owned());
    }
    let dialect = Dialect { enable_load: false, enable_f_strings: true, ..Dialect::Standard };
    let mut ast = AstModule::parse("script", source.to_owned(), &dialect).map_err(|error| sentence(&error))?;
    ast.replace_binary_operators(&functions::operators());
    Ok(ast)
}

fn main_function(module: &FrozenModule) -> Result<String, String> {
    let is_function = |name: &str| module.get(name).is_ok_and(|value| value.value().get_type() == "function");
    let names = module.names().map(|name| name.as_str().to_owned());
    let mut functions: Vec<String> = names.filter(|name| is_function(name)).collect();
    match functions.len() {
        0 => Err(format!("the script defines no function; it needs `def {MAIN}(line):`")),
        1 => Ok(functions.remove(0)),
        _ if functions.iter().any(|name| name == MAIN) => Ok(MAIN.to_owned()),
        many => Err(format!("the script defines {many} functions; name the one to be called `{MAIN}`")),
    }
}

fn bounded<'v, 'a, 'e>(module: &'a Module<'v>) -> starlark::Result<Evaluator<'v, 'a, 'e>> {
    let mut evaluator = Evaluator::new(module);
    evaluator.set_max_tick_count(TICKS).map_err(other)?;
    evaluator.set_max_heap_size(MEMORY).map_err(other)?;
    evaluator.set_max_callstack_size(DEPTH).map_err(other)?;
    let start = monotonic();
    let late = move || start.elapsed() > TIME;
    evaluator.set_check_cancelled(Box::new(late));
    evaluator.before_stmt_for_dap(BeforeStmtFunc::from_dyn(Box::new(Bounds { late, statements: 0 })));
    Ok(evaluator)
}

/// Looks at memory and time before each statement: the interpreter itself looks only once in a thousand turns of a loop,
/// in which time a text that is added to itself outgrows any machine.
struct Bounds<L> {
    late: L,
    statements: u32,
}

impl<'e, L: Fn() -> bool> BeforeStmtFuncDyn<'e> for Bounds<L> {
    fn call<'v>(
        &mut self,
        _: starlark::codemap::FileSpanRef<'_>,
        _: bool,
        evaluator: &mut Evaluator<'v, '_, 'e>,
    ) -> starlark::Result<()> {
        self.statements = self.statements.wrapping_add(1);
        if evaluator.heap().allocated_bytes() > MEMORY {
            return Err(failure(format!("the script takes more memory than {} MB for one line", MEMORY >> 20)));
        }
        if self.statements.is_multiple_of(STATEMENTS_PER_LOOK) && (self.late)() {
            return Err(failure(format!("the script takes more than {} seconds for one line", TIME.as_secs())));
        }
        Ok(())
    }
}

fn failure(what: String) -> starlark::Error {
    starlark::Error::new_other(std::io::Error::other(what))
}

fn other(error: impl std::fmt::Display) -> starlark::Error {
    failure(error.to_string())
}

/// The message, and where in the script it arose.
fn sentence(error: &starlark::Error) -> String {
    // Further lines are the interpreter's advice to its own users.
    let what = error.without_diagnostic().to_string();
    let what = what.lines().next().unwrap_or_default();
    match error.span() {
        Some(span) => {
            let begin = span.resolve_span().begin;
            format!("script, line {}, column {}: {what}", begin.line + 1, begin.column + 1)
        }
        None => format!("script: {what}"),
    }
}

#[cfg(test)]
mod tests;
