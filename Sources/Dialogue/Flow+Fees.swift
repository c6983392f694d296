internal import Kernel

// Fees, which are paid at a counter with the number of a voucher 缴费单.

extension ApplicationView {
    /// The fee that is still to be paid.
    var dueFee: Fee? { fee.flatMap { $0.paidAt == nil ? $0 : nil } }
}

extension Turn {
    /// What only the applicant can do stands above everything else.
    func payText(_ fee: ApplicationView.Fee) -> String {
        let amount = Fen(fee.amountFen).description
        return t(
            Text(
                "请到窗口交 \(amount)，报缴费单号 \(fee.number)。交了费才能送达。",
                "Please pay \(amount) at the counter with voucher \(fee.number)."))
    }

    func voucherItem(_ fee: ApplicationView.Fee, _ application: ApplicationView) -> ListFrame.Item {
        .init(
            label: t(Text("打印缴费单", "Print the voucher")), keywords: ["缴费", "voucher"],
            action: .print(voucher(fee, application)))
    }

    /// The voucher on paper: the counter reads its number, and nobody's name.
    private func voucher(_ fee: ApplicationView.Fee, _ application: ApplicationView) -> Printout {
        let rows: [(Text, String)] = [
            (Text("缴费单号", "Voucher"), fee.number), (Text("收费", "Fee"), fee.label),
            (Text("金额", "Amount"), Fen(fee.amountFen).description),
            (Text("事项", "Item"), application.itemText), (Text("办件编号", "Application"), application.number),
        ]
        return Printout(
            title: t(Text("缴费单", "Voucher")),
            lines: rows.map { "\(t($0.0))：\($0.1)" } + [
                t(Text("请到窗口缴费，出示这张单子。", "Show this at the counter and pay there."))
            ], code: fee.number)
    }

    func feeRows(_ fee: ApplicationView.Fee) -> [ListFrame.Row] {
        let amount = Fen(fee.amountFen).description
        let paid: String
        if let paidAt = fee.paidAt {
            paid = t(Text("已在窗口交过，\(time(paidAt))", "paid at the counter, \(time(paidAt))"))
        } else {
            paid = t(Text("请到窗口交，报缴费单号 \(fee.number)", "pay at the counter with voucher \(fee.number)"))
        }
        return [
            .init(label: t(Text("收费", "Fee")), value: "\(fee.label)　\(amount)"),
            .init(label: t(Text("缴费", "Payment")), value: paid),
        ]
    }
}
