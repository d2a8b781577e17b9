//! `parser.script`: what the parser knows of scripts, which is how to have one compiled and how to call it.
//!
//! The interpreter is not part of this crate: it registers its functions before `main`, and so would stand in every binary that
//! knows of schemas, used or not. A program that takes scripts installs it.

use std::fmt::Debug;
use std::sync::{Arc, OnceLock};

use crate::schema::Script;

/// A script, compiled once and called for each line.
pub trait Function: Debug + Send + Sync {
    /// Calls it with a line and appends its dictionary as the text of a JSON object.
    ///
    /// # Errors
    /// What the script complains of, a bound it broke, a result that is no dictionary, or an empty one; `out` is then as before.
    fn call(&self, line: &str, out: &mut String) -> Result<(), String>;
}

/// Compiles a script; the error says what is wrong with it, with line and column.
pub type Compiler = fn(&Script) -> Result<Arc<dyn Function>, String>;

static COMPILER: OnceLock<Compiler> = OnceLock::new();

/// Scripts are compiled by this from now on; the first one counts.
pub fn install(compiler: Compiler) {
    COMPILER.get_or_init(|| compiler);
}

/// Compiles a script.
///
/// # Errors
/// What is wrong with it; or no interpreter is installed.
pub fn compile(script: &Script) -> Result<Arc<dyn Function>, String> {
    let compiler = COMPILER.get().ok_or("this program has no interpreter of scripts")?;
    compiler(script)
}
