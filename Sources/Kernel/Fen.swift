/// Money in whole fen (1 yuan = 100 fen). There is no other currency and no floating point.
package struct Fen: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The amount in fen; its magnitude is at most `Fen.limit`.
    package let amount: Int64

    /// The largest magnitude: ¥10,000,000,000,000.00 less one fen. It keeps sums of a thousand amounts far from the end
    /// of 64 bits.
    package static let limit: Int64 = 999_999_999_999_999
    package static let zero: Fen = Fen(0)

    /// - Precondition: the magnitude of `amount` is at most `limit`; for amounts from outside use `init(checking:field:)`.
    package init(_ amount: Int64) {
        precondition(amount.magnitude <= Fen.limit.magnitude, "an amount of money within Fen.limit")
        self.amount = amount
    }

    /// An amount from a request; refused beyond `limit`.
    package init(checking amount: Int64, field: String) throws(Refusal) {
        guard amount.magnitude <= Fen.limit.magnitude else { throw Fen.tooLarge(field: field) }
        self.amount = amount
    }

    /// The amount in a text such as `¥1,234.50`, `1234.5`, `１２元` or `-3`. Commas, if any, stand after each third digit;
    /// there are at most two decimals.
    package init(parsing text: String, field: String) throws(Refusal) {
        var rest: Substring = Substring(ASCII.narrowed(text).filter { !$0.isWhitespace })
        let negative: Bool = rest.first == "-"
        if negative { rest = rest.dropFirst() }
        // U+00A5 is the yen and yuan sign; narrowing leaves its full-width form U+FFE5 alone.
        if let first = rest.first, first == "¥" || first == "￥" { rest = rest.dropFirst() }
        if rest.last == "元" { rest = rest.dropLast() }
        let parts: [Substring] = rest.split(separator: ".", omittingEmptySubsequences: false)
        guard let whole = parts.first, parts.count <= 2, let yuan = Fen.wholeYuan(whole),
            let cents = parts.count == 2 ? Fen.decimals(parts[1]) : 0
        else {
            throw .invalid(
                field: field, reason: "MONEY_INVALID", zh: "金额不正确，请填写如 12.50 的金额。",
                en: "The amount is not valid. Write it like 12.50.")
        }
        let magnitude: Int64 = yuan * 100 + cents
        try self.init(checking: negative ? -magnitude : magnitude, field: field)
    }

    /// `¥1,234.50`, `-¥0.05`.
    package var description: String {
        let yuan: String = String(amount.magnitude / 100)
        var grouped: String = ""
        for (index, digit) in yuan.enumerated() {
            if index > 0, (yuan.count - index).isMultiple(of: 3) { grouped.append(",") }
            grouped.append(digit)
        }
        return (amount < 0 ? "-¥" : "¥") + grouped + "." + ASCII.padded(Int(amount.magnitude % 100), 2)
    }

    /// The sum; refused beyond `limit`.
    package func adding(_ other: Fen) throws(Refusal) -> Fen {
        try Fen(checking: amount + other.amount, field: "amount")
    }

    /// The difference; refused beyond `limit`.
    package func subtracting(_ other: Fen) throws(Refusal) -> Fen {
        try Fen(checking: amount - other.amount, field: "amount")
    }

    /// The price of `quantity` pieces; refused beyond `limit`.
    package func times(_ quantity: Int) throws(Refusal) -> Fen {
        let (product, overflow): (Int64, Bool) = amount.multipliedReportingOverflow(by: Int64(quantity))
        guard !overflow else { throw Fen.tooLarge(field: "amount") }
        return try Fen(checking: product, field: "amount")
    }

    /// The part of `basisPoints` ten-thousandths, rounded to the nearest fen, halves away from zero (四舍五入).
    ///
    /// - Precondition: `basisPoints` lies in 0…10,000.
    package func portion(basisPoints: Int) -> Fen {
        precondition((0...10_000).contains(basisPoints), "a portion of 0 to 100 %")
        let (quotient, rest): (Int64, Int64) = amount.quotientAndRemainder(dividingBy: 10_000)
        let small: Int64 = rest * Int64(basisPoints)
        let rounding: Int64 = small < 0 ? -5_000 : 5_000
        return Fen(quotient * Int64(basisPoints) + (small + rounding) / 10_000)
    }

    /// The sum of `amounts`; refused beyond `limit`.
    package static func sum(_ amounts: some Sequence<Fen>) throws(Refusal) -> Fen {
        var total: Fen = .zero
        for amount in amounts { total = try total.adding(amount) }
        return total
    }

    package var isNegative: Bool { amount < 0 }
    package static prefix func - (value: Fen) -> Fen { Fen(-value.amount) }
    package static func < (left: Fen, right: Fen) -> Bool { left.amount < right.amount }

    private static func wholeYuan(_ text: Substring) -> Int64? {
        let groups: [Substring] = text.split(separator: ",", omittingEmptySubsequences: false)
        if groups.count > 1 {
            guard (1...3).contains(groups[0].count), groups.dropFirst().allSatisfy({ $0.count == 3 }) else {
                return nil
            }
        }
        let digits: String = groups.joined()
        // Fifteen digits of yuan fit 64 bits as fen; the limit itself is tested afterwards.
        guard digits.utf8.count <= 15, let value = ASCII.integer(Array(digits.utf8)) else { return nil }
        return Int64(value)
    }

    private static func decimals(_ text: Substring) -> Int64? {
        guard (1...2).contains(text.utf8.count), let value = ASCII.integer(Array(text.utf8)) else {
            return nil
        }
        return Int64(text.utf8.count == 1 ? value * 10 : value)
    }

    private static func tooLarge(field: String) -> Refusal {
        .invalid(
            field: field, reason: "MONEY_TOO_LARGE", zh: "金额超出范围，请核对。",
            en: "The amount is out of range. Check it.")
    }
}
