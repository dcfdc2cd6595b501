//! How sure figures are, and how sure a system may be of itself.

pub mod bootstrap;
pub mod calibration;
pub mod sheet;
pub mod significance;

pub use bootstrap::Resampling;
pub use sheet::Sheet;
