package import Contract
package import Kernel

extension PlatformV1.Text {
    /// The text on the wire.
    package init(_ text: BilingualText) { self.init(zh: text.zh, en: text.en) }
}

extension PlatformV1.GeoPoint {
    /// The point on the wire.
    package init(_ point: GeoPoint) { self.init(latitude: point.latitude, longitude: point.longitude) }
}
