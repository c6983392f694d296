internal import Glibc

/// A place on earth in degrees of WGS-84. Maps published in China show GCJ-02, some hundred metres off: whoever takes a
/// point from such a map converts it first.
package struct GeoPoint: Sendable, Hashable {
    /// −90…90.
    package let latitude: Double
    /// −180…180.
    package let longitude: Double

    package static let latitudes: ClosedRange<Double> = -90...90
    package static let longitudes: ClosedRange<Double> = -180...180

    /// Refused outside `latitudes` and `longitudes`, and for numbers that are none.
    package init(latitude: Double, longitude: Double, field: String = "location") throws(Refusal) {
        guard GeoPoint.latitudes.contains(latitude), GeoPoint.longitudes.contains(longitude) else {
            throw .invalid(
                field: field, reason: "LOCATION_INVALID", zh: "位置不正确：纬度应在-90到90之间，经度应在-180到180之间。",
                en: "The location is not valid: latitude lies in -90 to 90, longitude in -180 to 180.")
        }
        self.latitude = latitude
        self.longitude = longitude
    }

    /// A point that was checked before and comes back from the store.
    package init(storedLatitude: Double, storedLongitude: Double) {
        latitude = storedLatitude
        longitude = storedLongitude
    }

    /// The mean radius of the earth (IUGG).
    package static let earthRadiusMetres: Double = 6_371_008.8

    /// The great-circle distance by the haversine formula: within 0.6 % of the ellipsoid's.
    package func metres(to other: GeoPoint) -> Double {
        let radians: Double = .pi / 180
        let halfLatitude: Double = sin((other.latitude - latitude) * radians / 2)
        let halfLongitude: Double = sin((other.longitude - longitude) * radians / 2)
        let cosines: Double = cos(latitude * radians) * cos(other.latitude * radians)
        let haversine: Double = halfLatitude * halfLatitude + cosines * halfLongitude * halfLongitude
        return 2 * GeoPoint.earthRadiusMetres * asin(min(1, haversine.squareRoot()))
    }
}

/// The squares of 0.01 degrees into which the world is cut for "near me": about 1.1 km by 0.9 km in Shanxi. A place's row
/// holds the id of its cell; a search asks `cell IN (…)` over an index, then narrows by latitude and longitude, then by
/// distance.
package enum GeoCell {
    private static let perDegree: Double = 100
    private static let columns: Int = 36_000
    private static let rows: Int = 18_000

    /// The id of the cell in which `point` lies.
    package static func id(of point: GeoPoint) -> Int64 {
        Int64(row(point.latitude) * columns + column(point.longitude) % columns)
    }

    private static func row(_ latitude: Double) -> Int { min(rows - 1, Int((latitude + 90) * perDegree)) }
    private static func column(_ longitude: Double) -> Int {
        Int(((longitude + 180) * perDegree).rounded(.down))
    }

    /// What to ask the store for: everything within the radius lies in these cells and within these bounds; not
    /// everything in them lies within the radius.
    package struct Cover: Sendable, Hashable {
        package let cells: [Int64]
        package let latitudes: ClosedRange<Double>
        /// May reach beyond ±180 where a circle crosses that meridian; nobody lives there whom Linli serves.
        package let longitudes: ClosedRange<Double>
    }

    /// The radius of a search.
    package static let radiusMetres: ClosedRange<Double> = 1...5_000
    /// Searches are made between these latitudes, so that a cover stays below 250 cells.
    package static let searchLatitudes: ClosedRange<Double> = -60...60

    /// The cover of a circle; refused for a radius outside `radiusMetres` and a centre outside `searchLatitudes`.
    package static func cover(
        _ centre: GeoPoint, radiusMetres radius: Double, field: String = "radius_metres"
    )
        throws(Refusal) -> Cover
    {
        guard radiusMetres.contains(radius), searchLatitudes.contains(centre.latitude) else {
            throw .invalid(
                field: field, reason: "RADIUS_INVALID", zh: "查找半径应在1到5000米之间。",
                en: "The radius must be 1 to 5,000 metres.")
        }
        let degrees: Double = radius / GeoPoint.earthRadiusMetres * 180 / .pi
        // A degree of longitude is shortest at the edge of the circle that is nearest to a pole.
        let widest: Double = degrees / cos((abs(centre.latitude) + degrees) * .pi / 180)
        let latitudes: ClosedRange<Double> = (centre.latitude - degrees)...(centre.latitude + degrees)
        let longitudes: ClosedRange<Double> = (centre.longitude - widest)...(centre.longitude + widest)
        var cells: [Int64] = []
        for row in row(latitudes.lowerBound)...row(latitudes.upperBound) {
            for column in column(longitudes.lowerBound)...column(longitudes.upperBound) {
                cells.append(Int64(row * columns + (column + columns) % columns))
            }
        }
        return Cover(cells: cells, latitudes: latitudes, longitudes: longitudes)
    }
}
