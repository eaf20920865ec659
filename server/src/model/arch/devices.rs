//! Where a network computes.

use candle_core::Device;

/// One device, or several of one kind that hold the layers in order: each takes as many, give or take one.
#[derive(Clone, Debug)]
pub(crate) struct Devices {
    first: Device,
    rest: Vec<Device>,
}

impl Devices {
    /// One device, and those that share its work.
    pub(crate) fn new(first: Device, rest: Vec<Device>) -> Self {
        Self { first, rest }
    }

    /// The processor.
    pub(crate) fn cpu() -> Self {
        Self::new(Device::Cpu, Vec::new())
    }

    /// That of the embedding and the first layer.
    pub(crate) fn first(&self) -> &Device {
        &self.first
    }

    /// That of the last layer and the head.
    pub(super) fn last(&self) -> &Device {
        self.rest.last().unwrap_or(&self.first)
    }

    /// All of them, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Device> {
        std::iter::once(&self.first).chain(&self.rest)
    }

    /// The place among them of the one that holds a layer.
    pub(super) fn place_of(&self, layer: usize, layers: usize) -> usize {
        layer * (1 + self.rest.len()).min(layers) / layers
    }

    /// The one that holds a layer.
    pub(super) fn of(&self, layer: usize, layers: usize) -> &Device {
        let place = self.place_of(layer, layers);
        place.checked_sub(1).and_then(|place| self.rest.get(place)).unwrap_or(&self.first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_are_shared_in_order_and_evenly() {
        let places = |devices: usize, layers: usize| -> Vec<usize> {
            let devices = Devices::new(Device::Cpu, vec![Device::Cpu; devices - 1]);
            (0..layers).map(|layer| devices.place_of(layer, layers)).collect()
        };
        assert_eq!(places(1, 3), [0, 0, 0]);
        assert_eq!(places(2, 5), [0, 0, 0, 1, 1]);
        assert_eq!(places(3, 7), [0, 0, 0, 1, 1, 2, 2]);
        assert_eq!(places(4, 2), [0, 1], "more devices than layers");
    }
}
