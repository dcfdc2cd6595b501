//! Results as HTML pages: one self-contained file each, which asks nothing of the network.
//!
//! A page shows texts that anybody may have written. Whatever comes from outside goes through `text::Text`, the
//! templates escape everything that is put into them, and the page's content security policy lets no style and no script
//! run but its own. Without JavaScript a page shows everything; the script only filters.

mod errors;
mod excerpt;
mod numbers;
mod page;
mod plots;
mod summary;
mod tables;
#[cfg(test)]
mod tests;
mod text;

use std::io;

use crate::eval::report::Report;

/// Writes the report of an evaluation as an HTML page: the figures of every protocol, plots, and each error in its
/// text. An error is that of `out`.
pub fn report(report: &Report, mut out: impl io::Write) -> io::Result<()> {
    let out = &mut out;
    page::open(out, &format!("{}: how right it is", report.system))?;
    summary::write(out, report)?;
    plots::write(out, report)?;
    tables::write(out, report)?;
    errors::write(out, &report.errors)?;
    page::close(out)
}
