internal import Contract
internal import Dialogue
internal import Kernel
internal import RPC

// The calls of the five threads.

extension ResidentDesk {
    func performReports(_ request: Request) async throws -> Response {
        let options = session.options()
        switch request {
        case .reportCategories(let words):
            let answer = try await reports.listReportCategories(.init(), options: options)
            return .reportCategories(answer.categories.map(ReportCategory.init), words: words)
        case .createReport(let report, let requestID):
            return .reportCreated(ReportView(try await create(report, requestID)))
        case .report(let number):
            return .report(
                ReportView(try await reports.getReport(.init(name: "reports/\(number)"), options: options)))
        case .reports(let page):
            let request = ResidentServicesV1.ListReportsRequest(pageSize: Self.pageSize, pageToken: page)
            let answer = try await reports.listReports(request, options: options)
            return .reports(answer.reports.map(ReportView.init), next: answer.nextPageToken)
        case .rateReport(let number, let rating, let comment, let requestID):
            let request = ResidentServicesV1.RateReportRequest(
                name: "reports/\(number)", rating: Int32(rating), comment: comment, requestID: requestID)
            return .reportRated(ReportView(try await reports.rateReport(request, options: options)))
        case .reopenReport(let number, let reason, let requestID):
            let request = ResidentServicesV1.ReopenReportRequest(
                name: "reports/\(number)", reason: reason, requestID: requestID)
            return .reportReopened(ReportView(try await reports.reopenReport(request, options: options)))
        default: return try await performInbox(request)
        }
    }

    private func create(_ report: NewReport, _ requestID: String) async throws -> ResidentServicesV1.Report {
        var request = ResidentServicesV1.CreateReportRequest(
            category: report.category, description: report.description, grid: report.place,
            place: report.spot,
            requestID: requestID)
        if !report.photoPath.isEmpty {
            request.photos = [try await Photo.upload(report.photoPath, for: requestID, by: session)]
        }
        return try await reports.createReport(request, options: session.options())
    }

    private func performInbox(_ request: Request) async throws -> Response {
        let inbox = PlatformV1.InboxServiceClient(channel: session.channel)
        switch request {
        case .inbox(let page):
            let request = PlatformV1.ListMessagesRequest(pageSize: Self.pageSize, pageToken: page)
            let answer = try await inbox.listMessages(request, options: session.options())
            return .inbox(
                answer.messages.map(InboxView.init), unread: Int(answer.unreadCount),
                next: answer.nextPageToken)
        case .markRead(let names, let requestID):
            let request = PlatformV1.MarkMessagesReadRequest(names: names, requestID: requestID)
            _ = try await inbox.markMessagesRead(request, options: session.options())
            return .marked
        default: return try await performPoints(request)
        }
    }

    private func performPoints(_ request: Request) async throws -> Response {
        let points = CommunityLifeV1.PointsServiceClient(channel: session.channel)
        let options = session.options()
        switch request {
        case .points:
            return .points(PointsView(try await points.getPointsAccount(.init(), options: options)))
        case .pointEntries(let page):
            let request = CommunityLifeV1.ListPointsEntriesRequest(pageSize: Self.pageSize, pageToken: page)
            let answer = try await points.listPointsEntries(request, options: options)
            return .pointEntries(answer.entries.map(PointEntryView.init), next: answer.nextPageToken)
        case .pointRules:
            let answer = try await points.listPointsRules(.init(), options: options)
            return .pointRules(answer.rules.map(PointRuleView.init), expiryMonths: Int(answer.expiryMonths))
        case .offers:
            let offers = try await points.listOffers(.init(), options: options).offers
            let balance = try await points.getPointsAccount(.init(), options: options).balance
            return .offers(offers.map(OfferView.init), balance: balance)
        case .redeem(let offer, let requestID):
            let request = CommunityLifeV1.RedeemOfferRequest(name: offer, requestID: requestID)
            return .redeemed(RedemptionView(try await points.redeemOffer(request, options: options)))
        case .redemptions(let page):
            let request = CommunityLifeV1.ListRedemptionsRequest(pageSize: Self.pageSize, pageToken: page)
            let answer = try await points.listRedemptions(request, options: options)
            return .redemptions(answer.redemptions.map(RedemptionView.init), next: answer.nextPageToken)
        default: return try await performShops(request)
        }
    }

    private func performShops(_ request: Request) async throws -> Response {
        let shops = LifeCircleV1.ShopServiceClient(channel: session.channel)
        switch request {
        case .trades(let words):
            let answer = try await shops.listTrades(.init(), options: session.options())
            return .trades(answer.trades.map(TradeView.init), words: words)
        case .shops(let query):
            let request = LifeCircleV1.SearchShopsRequest(
                place: query.place, trade: query.trade, query: query.words, pageSize: Self.pageSize,
                pageToken: query.page)
            let answer = try await shops.searchShops(request, options: session.options())
            return .shops(answer.shops.map { ShopView($0) }, next: answer.nextPageToken)
        case .shop(let name, let walkMinutes, let distanceMetres):
            var shop = try await shops.getShop(.init(name: name), options: session.options())
            // Only the search knows from where one walks.
            shop.walkMinutes = Int32(walkMinutes)
            shop.distanceMetres = Int32(distanceMetres)
            return .shop(ShopView(shop))
        default: return try await performOrders(request)
        }
    }

    private func performOrders(_ request: Request) async throws -> Response {
        let orders = LifeCircleV1.OrderServiceClient(channel: session.channel)
        let options = session.options()
        switch request {
        case .order(let order, let requestID):
            let request = LifeCircleV1.CreateOrderRequest(
                shop: order.shop, offer: order.offer, note: order.note, address: order.address,
                requestID: requestID)
            return .ordered(OrderView(try await orders.createOrder(request, options: options)))
        case .orders(let page):
            let request = LifeCircleV1.ListOrdersRequest(pageSize: Self.pageSize, pageToken: page)
            let answer = try await orders.listOrders(request, options: options)
            return .orders(answer.orders.map(OrderView.init), next: answer.nextPageToken)
        case .orderDetail(let name):
            return .orderDetail(OrderView(try await orders.getOrder(.init(name: name), options: options)))
        case .cancelOrder(let name, let requestID):
            let request = LifeCircleV1.CancelOrderRequest(name: name, requestID: requestID)
            return .orderCancelled(OrderView(try await orders.cancelOrder(request, options: options)))
        default: return try await performServices(request)
        }
    }

    private func performServices(_ request: Request) async throws -> Response {
        let items = OneStopV1.ItemServiceClient(channel: session.channel)
        switch request {
        case .findServices(let words):
            let request = OneStopV1.SearchItemsRequest(query: words, pageSize: 20)
            let answer = try await items.searchItems(request, options: session.options())
            return .services(answer.matches.compactMap(\.item).map(ServiceView.init), words: words)
        case .service(let name):
            return .service(
                ServiceView(try await items.getItem(.init(name: name), options: session.options())))
        case .oneStop(let request): return .oneStop(try await performOneStop(request))
        default: throw RPCError(code: .unimplemented, message: "not a request to the server")
        }
    }
}
