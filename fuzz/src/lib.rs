//! What the fuzz targets of the log parser share.

pub mod properties;
pub mod seeds;
