internal import Kernel

// Points: balance, entries, rules, offers, redeeming.

extension Turn {
    /// Points that are good for longer are not worth a warning.
    static let expiryNoticeDays: Int64 = 60

    mutating func showPoints(_ points: PointsView) {
        var list = ListFrame(title: t(Text("我的积分", "My points")))
        list.rows = [.init(label: t(Text("现在有", "Balance")), value: pointsText(points.balance))]
        let soon = moment.now.adding(days: Self.expiryNoticeDays)
        if points.expiring > 0, let until = points.expiringAt, until <= soon {
            let value = t(
                Text("\(points.expiring) 分，\(time(until)) 过期", "\(points.expiring) on \(time(until))"))
            list.rows.append(.init(label: t(Text("快过期", "Expiring")), value: value))
        }
        list.items = [
            .init(
                label: t(Text("用积分兑换", "Redeem points")), keywords: ["兑换", "redeem"],
                action: .callSignedIn(.offers)),
            .init(
                label: t(Text("积分明细", "Entries")), keywords: ["明细"],
                action: .callSignedIn(.pointEntries(page: ""))),
            .init(
                label: t(Text("怎么得积分", "How points are earned")), keywords: ["规则", "rules"],
                action: .call(.pointRules)),
            .init(
                label: t(Text("我的兑换码", "My codes")), keywords: ["兑换码"],
                action: .callSignedIn(.redemptions(page: ""))),
        ]
        push(.list(list))
    }

    func pointsText(_ points: Int64) -> String {
        t(Text("\(points) 分", points == 1 ? "1 point" : "\(points) points"))
    }

    mutating func showPointEntries(_ entries: [PointEntryView], next: String) {
        var list = ListFrame(title: t(Text("积分明细", "Point entries")))
        list.items = entries.map { entry in
            let sign = entry.points > 0 ? "+" : ""
            var detail = ListFrame(title: t(entry.reason))
            detail.rows = [
                .init(label: t(Text("积分", "Points")), value: sign + String(entry.points)),
                .init(label: t(Text("之后余额", "Balance after")), value: pointsText(entry.balanceAfter)),
                .init(label: t(Text("时间", "Time")), value: time(entry.at)),
            ]
            let label = "\(entry.at.shanghaiDate)　\(sign)\(entry.points)　\(t(entry.reason))"
            return .init(label: label, action: .show(detail))
        }
        if list.items.isEmpty {
            list.text = [
                t(Text("还没有积分。上报隐患、做志愿服务可以得积分。", "No points yet. Report hazards or volunteer to earn some."))
            ]
        }
        list.nextPage = next.isEmpty ? nil : .pointEntries(page: next)
        showOrAppend(list)
    }

    mutating func showPointRules(_ rules: [PointRuleView], expiryMonths: Int) {
        var list = ListFrame(title: t(Text("怎么得积分", "How points are earned")))
        list.rows = rules.map { rule in
            var value = (rule.points > 0 ? "+" : "") + pointsText(rule.points)
            if rule.monthlyCap > 0 {
                value += t(Text("（每月最多 \(rule.monthlyCap) 分）", " (at most \(rule.monthlyCap) a month)"))
            }
            return .init(label: t(rule.label), value: value)
        }
        if expiryMonths > 0 {
            list.text = [t(Text("积分 \(expiryMonths) 个月内有效。", "Points are good for \(expiryMonths) months."))]
        }
        push(.list(list))
    }

    mutating func showOffers(_ offers: [OfferView], balance: Int64) {
        var list = ListFrame(title: t(Text("用积分兑换（您有 \(balance) 分）", "Redeem points (you have \(balance))")))
        list.items = offers.map { offer in
            var label = "\(t(offer.label))　\(pointsText(offer.points))　\(offer.partner)"
            if offer.leftThisMonth == 0 { label += t(Text("（本月没有了）", " (none left this month)")) }
            return .init(label: label, action: redeemAction(offer, balance: balance))
        }
        if list.items.isEmpty { list.text = [t(Text("现在没有可以兑换的。", "There is nothing to redeem now."))] }
        push(.list(list))
    }

    private func redeemAction(_ offer: OfferView, balance: Int64) -> Action {
        if offer.leftThisMonth == 0 {
            return .say(Text("这一项本月已经换完了，下个月再来。", "None are left this month. Please come back next month."))
        }
        if offer.points > balance {
            let missing = offer.points - balance
            return .say(Text("积分不够，还差 \(missing) 分。", "Not enough points: \(missing) more are needed."))
        }
        let form = Form(
            id: Flow.redeem, title: Text("兑换 \(offer.label.zh)", "Redeem \(offer.label.en)"),
            questions: [
                Question(
                    id: "sure",
                    prompt: Text(
                        "用 \(offer.points) 分兑换“\(offer.label.zh)”，到 \(offer.partner) 领取，可以吗？",
                        "Use \(offer.points) points for “\(offer.label.en.isEmpty ? offer.label.zh : offer.label.en)”, to be fetched at \(offer.partner)?"
                    ),
                    kind: .choice([
                        Choice(value: "yes", label: Text("确认兑换", "Redeem"), keywords: ["是", "好", "yes"])
                    ]),
                    label: Text("兑换", "Redeem"))
            ], act: Text("确认兑换", "Redeem"), hasSummary: false, context: ["offer": offer.name])
        return .form(form)
    }

    mutating func showRedeemed(_ redemption: RedemptionView) {
        dropForms()
        var list = ListFrame(title: t(Text("兑换成功", "Redeemed")))
        list.rows = redemptionRows(redemption)
        list.text = [
            t(
                Text(
                    "领取时把兑换码给对方看。一个码只能用一次，请不要给别人。",
                    "Show the code when you fetch it. It works once; keep it to yourself."))
        ]
        list.items = [.init(label: t(Words.toHome), action: .home)]
        // The balance on the screens below is no longer true.
        state.frames.removeLast(state.frames.count - 1)
        push(.list(list))
    }

    private func redemptionRows(_ redemption: RedemptionView) -> [ListFrame.Row] {
        var rows: [ListFrame.Row] = [
            .init(label: t(Text("兑换的东西", "What")), value: t(redemption.label)),
            .init(label: t(Text("在哪里领", "Where")), value: redemption.partner),
            .init(label: t(Text("用了", "Cost")), value: pointsText(redemption.points)),
        ]
        switch redemption.state {
        case .open:
            rows.append(.init(label: t(Text("兑换码", "Code")), value: redemption.code))
            if let until = redemption.expiresAt {
                rows.append(.init(label: t(Text("有效期到", "Good until")), value: time(until)))
            }
        case .confirmed: rows.append(.init(label: t(Text("状态", "State")), value: t(Text("已领取", "Fetched"))))
        case .expired:
            rows.append(
                .init(
                    label: t(Text("状态", "State")),
                    value: t(Text("过期了，积分已退回", "Expired; the points went back"))))
        }
        return rows
    }

    mutating func showRedemptions(_ redemptions: [RedemptionView], next: String) {
        var list = ListFrame(title: t(Text("我的兑换码", "My codes")))
        list.items = redemptions.map { redemption in
            let detail = ListFrame(title: t(redemption.label), rows: redemptionRows(redemption))
            let code = redemption.state == .open ? redemption.code : t(Text("已用或过期", "used or expired"))
            return .init(label: "\(t(redemption.label))　\(code)", action: .show(detail))
        }
        if list.items.isEmpty { list.text = [t(Text("您还没有兑换过。", "You have not redeemed anything yet."))] }
        list.nextPage = next.isEmpty ? nil : .redemptions(page: next)
        showOrAppend(list)
    }
}
