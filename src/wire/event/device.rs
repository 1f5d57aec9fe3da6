//! What fixes tell of the device that sent them, and the service of its disk, to and from their stored form.

use crate::domain::event::{DeviceNews, DiskRoom, HouseEvent};
use crate::domain::measure::Metres;
use crate::wire::parts::{WireError, metres, time, timestamp};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// What the fixes of a unit tell of the device that sent them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, ToSchema)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum DeviceWire {
    /// Its battery is low.
    BatteryLow {
        /// How full it is, per cent.
        percent: u8,
    },
    /// Its battery is not low any more.
    BatteryFine,
    /// What it claims of its accuracy is poor.
    Inaccurate {
        /// The radius of the 68 % circle.
        accuracy_m: f64,
    },
    /// Its accuracy is good again.
    Accurate,
    /// It sends what it recorded before. Told again as long as that goes on.
    Behind {
        /// When it recorded the fix that is told of, by its own clock.
        recorded_at: String,
    },
}

impl From<DeviceNews> for DeviceWire {
    fn from(news: DeviceNews) -> Self {
        match news {
            DeviceNews::BatteryLow { percent } => Self::BatteryLow { percent },
            DeviceNews::BatteryFine => Self::BatteryFine,
            DeviceNews::Inaccurate { accuracy } => Self::Inaccurate {
                accuracy_m: metres(accuracy),
            },
            DeviceNews::Accurate => Self::Accurate,
            DeviceNews::Behind { recorded_at } => Self::Behind {
                recorded_at: time(recorded_at),
            },
        }
    }
}

impl TryFrom<&DeviceWire> for DeviceNews {
    type Error = WireError;

    fn try_from(device: &DeviceWire) -> Result<Self, WireError> {
        Ok(match device {
            DeviceWire::BatteryLow { percent } => Self::BatteryLow { percent: *percent },
            DeviceWire::BatteryFine => Self::BatteryFine,
            DeviceWire::Inaccurate { accuracy_m } => Self::Inaccurate {
                accuracy: Metres::new(*accuracy_m),
            },
            DeviceWire::Accurate => Self::Accurate,
            DeviceWire::Behind { recorded_at } => Self::Behind {
                recorded_at: timestamp(recorded_at)?,
            },
        })
    }
}

/// How much room is left on the disk of the records.
pub(super) const fn disk_room(left_mib: u64, is_little: bool) -> HouseEvent {
    HouseEvent::DiskRoom(DiskRoom {
        left_mib,
        is_little,
    })
}
