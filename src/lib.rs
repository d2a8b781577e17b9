//! Toolkit with which engineers run a Panther deployment on AWS.

pub mod aws {
    //! Access to AWS, one module per service.
    pub mod listing;
}
