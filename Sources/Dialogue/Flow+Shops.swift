internal import Kernel

// Shops within fifteen minutes' walk, and orders.

extension Turn {
    static let otherOffer = "other"

    mutating func showTrades(_ trades: [TradeView], words: String) {
        if !words.isEmpty {
            if let trade = Self.trade(in: trades, for: words) { return askWhere(trade: trade.id, words: "") }
            return askWhere(trade: "", words: String(words.prefix(40)))
        }
        var list = ListFrame(title: t(Text("走路 15 分钟内的店", "Shops within a 15-minute walk")))
        list.items = trades.map { trade in
            .init(
                label: t(trade.label), keywords: [trade.id],
                action: .form(shopPlaceForm(trade: trade.id, words: "")))
        }
        list.items.append(
            .init(
                label: t(Text("全部", "All")), keywords: ["全部", "all"],
                action: .form(shopPlaceForm(trade: "", words: ""))))
        push(.list(list))
    }

    /// The one trade that the words share a telling character with: 修水管 is 维修, 买药 is 药店.
    private static func trade(in trades: [TradeView], for words: String) -> TradeView? {
        let common: Set<Character> = ["店", "市", "场", "服", "务", "人", "、", "家"]
        let typed = Set(words)
        let named = trades.filter { words.contains($0.label.zh) }
        if named.count == 1 { return named[0] }
        let english = Set(words.lowercased().split { !$0.isLetter }.map(String.init))
        let said = trades.filter { !english.isDisjoint(with: englishWords[$0.id] ?? []) }
        if said.count == 1 { return said[0] }
        let near = trades.filter { !typed.isDisjoint(with: Set($0.label.zh).subtracting(common)) }
        return near.count == 1 ? near[0] : nil
    }

    /// What people say for a trade in English, where no character tells it.
    private static let englishWords: [String: Set<String>] = [
        "breakfast": ["breakfast", "food", "lunch", "meal", "meals", "restaurant"],
        "convenience": ["convenience"],
        "hairdresser": ["barber", "hair", "haircut", "hairdresser"],
        "housekeeping": ["cleaner", "cleaning", "housekeeper", "housekeeping"],
        "laundry": ["laundry"],
        "market": ["groceries", "market", "supermarket", "vegetables"],
        "pharmacy": ["chemist", "medicine", "pharmacy"],
        "repair": ["electrician", "fix", "locksmith", "mend", "plumber", "repair", "repairs"],
    ]

    private mutating func askWhere(trade: String, words: String) {
        begin(shopPlaceForm(trade: trade, words: words))
    }

    private func shopPlaceForm(trade: String, words: String) -> Form {
        Form(
            id: Flow.shopPlace, title: Text("您在哪儿？", "Where are you?"),
            questions: [
                Question(
                    id: "place", prompt: Text("从哪个社区走过去？", "From which community do you walk?"),
                    why: Text("好先列出最近的店。", "So that the nearest shops come first."), kind: .place,
                    label: Text("地方", "Place"))
            ], act: Text("查找", "Search"), hasSummary: false, context: ["trade": trade, "words": words])
    }

    mutating func showShops(_ shops: [ShopView], next: String, _ request: Request) {
        if let place = run?.answers["place"], run?.form.id == Flow.shopPlace {
            state.known[KnownAnswer.place] = place
        }
        if run?.form.id == Flow.shopPlace { pop() }
        if shops.isEmpty, case .shops(let query) = request, !query.words.isEmpty {
            say(t(Text("附近没有找到“%@”，请选一类。", "No “%@” nearby. Please choose a trade.")).filled(query.words))
            return call(.trades(words: ""))
        }
        var list = ListFrame(title: t(Text("附近的店（由近到远）", "Shops nearby, nearest first")))
        list.items = shops.map { shop in
            let walk = t(Text("走路约 \(shop.walkMinutes) 分钟", "about \(shop.walkMinutes) min"))
            return .init(
                label: "\(shop.displayName)　\(walk)",
                action: .call(
                    .shop(name: shop.name, walkMinutes: shop.walkMinutes, distanceMetres: shop.distanceMetres)
                ))
        }
        if list.items.isEmpty {
            list.text = [
                t(
                    Text(
                        "走路 15 分钟内没有找到。换一类，或换个地方试试。",
                        "Nothing within a 15-minute walk. Try another trade or place."))
            ]
            list.items = [
                .init(label: t(Text("看全部种类", "All trades")), action: .callSignedIn(.trades(words: "")))
            ]
        }
        if case .shops(var query) = request, !next.isEmpty {
            query.page = next
            list.nextPage = .shops(query)
        }
        showOrAppend(list)
    }

    mutating func showShop(_ shop: ShopView) {
        var list = ListFrame(title: shop.displayName)
        list.rows = [.init(label: t(Text("地址", "Address")), value: shop.address)]
        if shop.walkMinutes > 0 {
            let value = t(
                Text(
                    "约 \(shop.walkMinutes) 分钟（\(shop.distanceMetres) 米）",
                    "about \(shop.walkMinutes) min (\(shop.distanceMetres) m)"))
            list.rows.append(.init(label: t(Text("走路", "Walk")), value: value))
        }
        if !shop.phone.isEmpty { list.rows.append(.init(label: t(Text("电话", "Phone")), value: shop.phone)) }
        if !shop.openingHours.isEmpty {
            list.rows.append(.init(label: t(Text("营业时间", "Open")), value: shop.openingHours))
        }
        list.text = shop.offers.map { "· " + offerLine($0) }
        if shop.takesOrders {
            list.items = [
                .init(
                    label: t(Text("下单或预约", "Order")), keywords: ["下单", "预约", "order"],
                    action: .form(orderForm(shop)))
            ]
        }
        push(.list(list))
    }

    private func offerLine(_ offer: ShopView.Offer) -> String {
        let price =
            offer.priceFen > 0 ? Fen(offer.priceFen).description : t(Text("价格当面商量", "price by agreement"))
        return "\(offer.label)　\(price)" + (offer.priceFen > 0 && !offer.unit.isEmpty ? "/\(offer.unit)" : "")
    }

    private func orderForm(_ shop: ShopView) -> Form {
        var questions: [Question] = []
        if !shop.offers.isEmpty {
            var choices = shop.offers.map {
                Choice(value: $0.id, label: Text(offerLine($0)), keywords: [$0.label])
            }
            choices.append(Choice(value: Self.otherOffer, label: Text("别的，我来说", "Something else")))
            questions.append(
                Question(
                    id: "offer", prompt: Text("要哪一样？", "Which one?"), kind: .choice(choices),
                    label: Text("项目", "Item")))
        }
        questions += [
            Question(
                id: "note",
                prompt: Text(
                    "有什么要说的？比如：水管漏水，下午在家。",
                    "What should they know? For example: a leaking pipe, at home in the afternoon."),
                kind: .longText(min: 2, max: 500), label: Text("说明", "Note"), isOptional: !shop.offers.isEmpty
            ),
            Question(
                id: "address", prompt: Text("上门或送货的地址？", "The address to come to?"),
                why: Text("店家接单后才看得到。", "The shop sees it only after accepting."),
                kind: .text(min: 2, max: 200),
                label: Text("地址", "Address"), knownAs: KnownAnswer.address),
        ]
        return Form(
            id: Flow.order, title: Text("在\(shop.displayName)下单", "Order from \(shop.displayName)"),
            questions: questions,
            act: Text("下单", "Place the order"), context: ["shop": shop.name])
    }

    mutating func showOrdered(_ order: OrderView) {
        if let address = run?.answers["address"] { state.known[KnownAnswer.address] = address }
        dropForms()
        state.draft = nil
        var list = orderList(order)
        list.title = t(Text("已下单", "Ordered"))
        list.text = [
            t(
                Text(
                    "店家接单后会告诉您价格和时间。在那之前可以取消。",
                    "The shop tells you price and time when it accepts. Until then you can cancel."))
        ]
        push(.list(list))
    }

    mutating func showOrders(_ orders: [OrderView], next: String) {
        var list = ListFrame(title: t(Text("我的订单", "My orders")))
        list.items = orders.map { order in
            .init(
                label: "\(order.number)　\(order.shop)　\(t(order.state))",
                action: .call(.orderDetail(name: order.name)))
        }
        if list.items.isEmpty { list.text = [t(Text("还没有订单。", "There are no orders yet."))] }
        list.nextPage = next.isEmpty ? nil : .orders(page: next)
        showOrAppend(list)
    }

    private func orderList(_ order: OrderView) -> ListFrame {
        var list = ListFrame(title: t(Text("订单 ", "Order ")) + order.number)
        list.rows = [
            .init(label: t(Text("编号", "Number")), value: order.number),
            .init(label: t(Text("店家", "Shop")), value: order.shop),
            .init(label: t(Text("现在", "Now")), value: t(order.state)),
        ]
        if !order.note.isEmpty { list.rows.append(.init(label: t(Text("说明", "Note")), value: order.note)) }
        if order.priceFen > 0 {
            list.rows.append(.init(label: t(Text("价格", "Price")), value: Fen(order.priceFen).description))
        }
        if let appointment = order.appointment {
            list.rows.append(.init(label: t(Text("约好的时间", "Appointment")), value: time(appointment)))
        }
        if !order.declineReason.isEmpty {
            list.rows.append(.init(label: t(Text("没接单的原因", "Why declined")), value: order.declineReason))
        }
        if order.canCancel {
            var sure = askedList(Text("要取消这个订单吗？", "Cancel this order?"))
            sure.items = [
                .init(
                    label: t(Text("取消订单", "Cancel the order")),
                    action: .call(.cancelOrder(name: order.name, requestID: moment.freshID))),
                .init(label: t(Text("不取消", "Keep it")), action: .dismiss),
            ]
            list.items.append(
                .init(label: t(Text("取消订单", "Cancel the order")), keywords: ["取消"], action: .show(sure)))
        }
        list.items.append(
            .init(label: t(Text("刷新", "Refresh")), action: .call(.orderDetail(name: order.name))))
        return list
    }

    mutating func showOrder(_ order: OrderView) {
        dropOrderScreen(order)
        push(.list(orderList(order)))
    }

    mutating func showCancelled(_ order: OrderView) {
        popQuestions()
        say(Text("订单已取消。", "The order is cancelled."))
        showOrder(order)
    }

    private mutating func dropOrderScreen(_ order: OrderView) {
        let titles = [orderList(order).title, t(Text("已下单", "Ordered"))]
        while case .list(let list)? = state.frames.last, titles.contains(list.title), state.frames.count > 1 {
            state.frames.removeLast()
        }
    }
}
