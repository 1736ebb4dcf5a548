using System.Globalization;
using System.Text;
using Exeunt.App.Data;
using Exeunt.App.Features.Imports;
using Exeunt.App.Features.Packs;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Packs;

namespace Exeunt.App.Features.Demo;

/// <summary>The demo company has every pack, and for each a customer with a contract on which it can be tried.</summary>
public static class DemoPacks
{
    /// <summary>Installs the packs and imports their customers.</summary>
    public static async Task Load(Storage storage, InstallPack install, Call call, CancellationToken ct)
    {
        foreach (var pack in Core.Packs.Packs.All)
            if ((await install.Run(call, new(pack.Code), ct)).Refusal is { } no)
                throw new InvalidOperationException($"The pack {pack.Code} was refused: {no.Code}");
        var today = call.Today("Asia/Shanghai");
        await DemoCompany.Import(storage, call, ImportNoun.Customers, Customers(today), ct);
        await DemoCompany.Import(storage, call, ImportNoun.Contracts, Contracts(today), ct);
    }

    private static string Customers(DateOnly today) => string.Create(CultureInfo.InvariantCulture, $"""
        customer,name,kind,contact_person,mail,phone,address,country,since,language,currency,unit,tier
        PK-SAAS,深圳启明科技有限公司,organisation,陈亮,chen.liang@qiming.example,13900010001,深圳市科技园1号,CN,{today.AddMonths(-8):yyyy-MM-dd},zh,CNY,SOUTH-SZ-1,normal
        PK-TEL,李建国,person,,li.jianguo@mail.example,13900010002,上海市长宁路2号,CN,{today.AddMonths(-10):yyyy-MM-dd},zh,CNY,EAST-SH-2,normal
        PK-CARD,赵敏,person,,zhao.min@mail.example,13900010003,杭州市文三路3号,CN,{today.AddMonths(-4):yyyy-MM-dd},zh,CNY,EAST-HZ,normal
        PK-DIST,广州恒通商贸有限公司,organisation,周伟,zhou.wei@hengtong.example,13900010004,广州市天河路4号,CN,{today.AddMonths(-20):yyyy-MM-dd},zh,CNY,SOUTH-GZ,normal
        PK-HOTEL,吴磊,person,,wu.lei@mail.example,13900010006,苏州市观前街6号,CN,{today.AddMonths(-2):yyyy-MM-dd},zh,CNY,EAST-SH-2,normal
        PK-LIFE,郑慧,person,,zheng.hui@mail.example,13900010007,南京市中山路7号,CN,{today.AddMonths(-38):yyyy-MM-dd},zh,CNY,EAST-SH-1,normal
        PK-LOAN,孙丽,person,,sun.li@mail.example,13900010005,上海市浦东大道5号,CN,{today.AddMonths(-14):yyyy-MM-dd},zh,CNY,EAST-SH-1,normal

        """);

    private static string Contracts(DateOnly today)
    {
        var csv = new StringBuilder("customer,contract,product,product_zh,product_en,currency,start_on,term_months,monthly_fee,prepaid,deposit,device_value,unpaid,policy,policy_version,zone,jurisdiction,party,unpaid_due_on,prepaid_paid,prepaid_gift,prepaid_paid_on,prepaid_consumed,billing_months,premiums_paid,sum_insured,policy_loan,policy_loan_on,rights,auto_renew\n");
        csv.Append(CultureInfo.InvariantCulture, $"PK-SAAS,{Saas.Pack.TryNumber},CRM-TEAM,团队客户管理云,Team CRM,CNY,{today.AddMonths(-8):yyyy-MM-dd},12,480.00,1,0,0,0,SAAS-01,1,Asia/Shanghai,CN,Business,,,,,,,,,,,,\n");
        csv.Append(CultureInfo.InvariantCulture, $"PK-TEL,{Telecom.Pack.TryNumber},MOBILE-5G,5G 畅享套餐,5G plan,CNY,{today.AddMonths(-10):yyyy-MM-dd},24,129.00,0,0,600.00,0,TEL-01,1,Asia/Shanghai,CN,Telecom,,,,,,,,,,,,\n");
        csv.Append(CultureInfo.InvariantCulture, $"PK-TEL,TEL-2026-0002,FIXED-LINE,固定电话,Fixed line,CNY,{today.AddMonths(-10):yyyy-MM-dd},12,50.00,0,0,0,100.00,TEL-01,1,Asia/Shanghai,CN,Telecom,{today.AddDays(-10):yyyy-MM-dd},,,,,,,,,,,\n");
        csv.Append(CultureInfo.InvariantCulture, $"PK-CARD,{PrepaidCards.Pack.TryNumber},FITNESS-CARD,健身储值卡,Fitness card,CNY,{today.AddMonths(-4):yyyy-MM-dd},12,0.00,1,0,0,0,CARD-01,1,Asia/Shanghai,CN,Consumer,,1000.00,200.00,{today.AddMonths(-4):yyyy-MM-dd},600.00,,,,,,,\n");
        csv.Append(CultureInfo.InvariantCulture, $"PK-DIST,{Manufacturer.Pack.TryNumber},DISTRIBUTION,区域经销协议,Distribution agreement,CNY,{today.AddMonths(-20):yyyy-MM-dd},36,300.00,1,20000.00,0,0,DIST-01,1,Asia/Shanghai,CN,Business,,,,,,,,,,,,\n");
        csv.Append(CultureInfo.InvariantCulture, $"PK-HOTEL,{Hotel.Pack.TryNumber},ROOM-MONTH,长住公寓房,Room by the month,CNY,{today.AddMonths(-2):yyyy-MM-dd},6,3600.00,1,2000.00,0,0,HOTEL-01,1,Asia/Shanghai,CN,Consumer,,,,,,,,,,,,\n");
        csv.Append(CultureInfo.InvariantCulture, $"PK-LOAN,{Bank.Pack.TryNumber},LOAN-CONSUMER,个人消费贷款,Consumer loan,CNY,{today.AddMonths(-14):yyyy-MM-dd},36,2500.00,0,0,0,5000.00,LOAN-01,1,Asia/Shanghai,CN,Financial,{today.AddDays(-20):yyyy-MM-dd},,,,,,,,,,,\n");
        // Four yearly premiums paid, a loan on the policy, a beneficiary named; and a home insured this year, pledged to the bank.
        csv.Append(CultureInfo.InvariantCulture, $"PK-LIFE,{Insurer.Pack.TryNumber},WHOLE-LIFE,终身寿险,Whole life,CNY,{today.AddMonths(-38):yyyy-MM-dd},240,500.00,1,0,0,0,LIFE-01,1,Asia/Shanghai,CN,Financial,,,,,,12,24000.00,100000.00,3000.00,{today.AddMonths(-6):yyyy-MM-dd},beneficiary,0\n");
        csv.Append(CultureInfo.InvariantCulture, $"PK-LIFE,PROP-2026-0001,HOME,家庭财产险,Home insurance,CNY,{today.AddMonths(-4):yyyy-MM-dd},12,100.00,1,0,0,0,PROP-01,1,Asia/Shanghai,CN,Financial,,,,,,12,1200.00,800000.00,,,pledge,0\n");
        return csv.ToString();
    }
}
