import Kernel

/// A shop that does not exist, with what it offers.
struct DemoShop: Sendable, Equatable {
    struct Offer: Sendable, Equatable {
        let id: String
        let label: String
        /// 0 if the price is agreed on before work begins.
        let priceFen: Int64
        let unit: String
    }

    /// 3 to 40 of a-z, 0-9 and hyphen.
    let id: String
    let name: String
    let trade: String
    let address: String
    let phone: String
    let point: GeoPoint
    let openingHours: String
    let takesOrders: Bool
    let creditCode: CreditCode
    let offers: [Offer]

    private struct Kind {
        let trade: String
        let words: String
        let hours: String
        let takesOrders: Bool
        /// Label, price in fen, unit.
        let offers: [(String, Int64, String)]
    }

    private static let kinds: [Kind] = [
        Kind(
            trade: "repair", words: "维修", hours: "8:00-20:00", takesOrders: true,
            offers: [("水管维修", 5_000, "次"), ("开锁换锁", 8_000, "次"), ("家电维修", 0, "次"), ("灯具更换", 3_000, "次")]),
        Kind(
            trade: "housekeeping", words: "家政", hours: "8:00-18:00", takesOrders: true,
            offers: [("日常保洁", 4_000, "小时"), ("擦玻璃", 1_500, "平方米"), ("陪护老人", 15_000, "天")]),
        Kind(
            trade: "convenience", words: "便利店", hours: "7:00-23:00", takesOrders: true,
            offers: [("送水上门", 1_200, "桶"), ("米面粮油配送", 0, "次")]),
        Kind(
            trade: "market", words: "蔬菜超市", hours: "7:00-20:00", takesOrders: false,
            offers: [("蔬菜配送", 0, "次")]),
        Kind(
            trade: "breakfast", words: "早餐店", hours: "5:30-10:00", takesOrders: false,
            offers: [("老年人早餐", 500, "份")]),
        Kind(
            trade: "laundry", words: "洗衣店", hours: "8:30-20:00", takesOrders: true,
            offers: [("外套干洗", 2_000, "件"), ("窗帘清洗", 0, "次")]),
        Kind(
            trade: "hairdresser", words: "理发店", hours: "9:00-20:30", takesOrders: true,
            offers: [("理发", 2_000, "次"), ("上门理发（老人）", 3_000, "次")]),
        Kind(
            trade: "pharmacy", words: "大药房", hours: "8:00-22:00", takesOrders: true,
            offers: [("送药上门", 0, "次")]),
        Kind(
            trade: "printing", words: "照相文印", hours: "8:30-19:00", takesOrders: false,
            offers: [("证件照", 2_000, "版"), ("打印复印", 50, "页")]),
        Kind(
            trade: "parcel", words: "快递驿站", hours: "8:00-21:00", takesOrders: false,
            offers: [("代收包裹", 0, "件")]),
        Kind(
            trade: "fitness", words: "健身房", hours: "9:00-21:30", takesOrders: false,
            offers: [("单次体验", 3_000, "次")]),
        Kind(
            trade: "education", words: "托育中心", hours: "7:30-18:30", takesOrders: false,
            offers: [("临时托管", 3_000, "小时")]),
    ]
    private static let signs: [String] = ["凤翔", "康宁", "和顺", "惠民"]
    private static let streets: [String] = ["凤台东街", "凤台西街", "文昌街", "红星街", "景西路", "黄华街"]

    /// Four shops of each trade, from next door to a twenty-five-minute walk.
    static func around(_ center: GeoPoint, random: SeededRandom) -> [DemoShop] {
        var shops: [DemoShop] = []
        for (ring, sign) in signs.enumerated() {
            for (index, kind) in kinds.enumerated() {
                let angle: Double = Double(index * 7 + ring * 3 + random.integer(in: 0..<3))
                // 110 km to a degree of latitude, 90 km to one of longitude here.
                let metres: Double = Double(150 + ring * 300 + random.integer(in: 0..<200))
                let point = GeoPoint(
                    storedLatitude: center.latitude + metres / 111_000 * DemoPlaces.sine(angle),
                    storedLongitude: center.longitude + metres / 90_500 * DemoPlaces.sine(angle + 1.571))
                let number: Int = shops.count + 1
                shops.append(
                    DemoShop(
                        id: "demo-\(kind.trade)-\(ring + 1)", name: sign + kind.words, trade: kind.trade,
                        address:
                            "\(streets[(index + ring) % streets.count])\(10 + random.integer(in: 0..<180))号",
                        phone: "0356-000\(String(10_000 + number).dropFirst())", point: point,
                        openingHours: kind.hours, takesOrders: kind.takesOrders,
                        creditCode: CreditCode(syntheticPrefix: "92", sequence: number),
                        offers: kind.offers.enumerated().map {
                            Offer(
                                id: "o\($0.offset + 1)", label: $0.element.0, priceFen: $0.element.1,
                                unit: $0.element.2)
                        }))
            }
        }
        return shops
    }
}
