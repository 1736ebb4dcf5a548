namespace Exeunt.App.Features.Demo;

/// <summary>A small generator with a fixed seed (SplitMix64): the same demo company every time, on every machine.</summary>
internal sealed class DemoRandom(ulong seed)
{
    private ulong _state = seed;

    /// <summary>A whole number from 0 (inclusive) to a bound (exclusive).</summary>
    public int Next(int bound)
    {
        unchecked
        {
            _state += 0x9E3779B97F4A7C15UL;
            var z = _state;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            return (int)((z ^ (z >> 31)) % (ulong)bound);
        }
    }

    public bool Chance(int percent) => Next(100) < percent;

    public T Of<T>(IReadOnlyList<T> choices) => choices[Next(choices.Count)];
}

/// <summary>Names and addresses of people and organisations that do not exist.</summary>
internal sealed class DemoNames(DemoRandom random)
{
    private static readonly (string Name, string Pinyin)[] Surnames =
    [
        ("王", "wang"), ("李", "li"), ("张", "zhang"), ("刘", "liu"), ("陈", "chen"), ("杨", "yang"), ("赵", "zhao"), ("黄", "huang"), ("周", "zhou"), ("吴", "wu"),
        ("徐", "xu"), ("孙", "sun"), ("胡", "hu"), ("朱", "zhu"), ("高", "gao"), ("林", "lin"), ("何", "he"), ("郭", "guo"), ("马", "ma"), ("罗", "luo"),
        ("梁", "liang"), ("宋", "song"), ("郑", "zheng"), ("谢", "xie"), ("韩", "han"), ("唐", "tang"), ("冯", "feng"), ("于", "yu"), ("董", "dong"), ("萧", "xiao"),
    ];

    private static readonly (string Name, string Pinyin)[] Given =
    [
        ("伟", "wei"), ("芳", "fang"), ("娜", "na"), ("敏", "min"), ("静", "jing"), ("丽", "li"), ("强", "qiang"), ("磊", "lei"), ("军", "jun"), ("洋", "yang"),
        ("勇", "yong"), ("艳", "yan"), ("杰", "jie"), ("娟", "juan"), ("涛", "tao"), ("明", "ming"), ("超", "chao"), ("霞", "xia"), ("平", "ping"), ("建国", "jianguo"),
        ("志强", "zhiqiang"), ("晓红", "xiaohong"), ("雨桐", "yutong"), ("子轩", "zixuan"), ("欣怡", "xinyi"), ("浩然", "haoran"), ("思远", "siyuan"), ("佳宁", "jianing"),
    ];

    private static readonly string[] FirstNames =
    [
        "Oliver", "Amelia", "George", "Isla", "Harry", "Ava", "Noah", "Emily", "Jack", "Grace", "Leo", "Freya", "Arthur", "Lily", "Oscar", "Sophie", "Henry", "Ella",
        "Thomas", "Hannah", "Samuel", "Clara", "Lucas", "Ingrid", "Pierre", "Camille", "Jonas", "Marta", "Niall", "Aoife",
    ];

    private static readonly string[] LastNames =
    [
        "Smith", "Jones", "Taylor", "Brown", "Wilson", "Evans", "Thomas", "Roberts", "Johnson", "Walker", "Wright", "Hughes", "Green", "Hall", "Wood", "Clarke",
        "Turner", "Hill", "Baker", "Carter", "Keller", "Becker", "Laurent", "Moreau", "Jansen", "Lindqvist", "O'Brien", "Murphy", "Novak", "Rossi",
    ];

    private static readonly string[] Cities = ["上海", "杭州", "苏州", "南京", "宁波", "深圳", "广州", "东莞", "佛山", "厦门"];
    private static readonly string[] Streets = ["中山路", "人民路", "解放路", "建设路", "滨江大道", "科技路", "文昌街"];
    private static readonly string[] Brands = ["恒信", "远景", "启航", "金桥", "天成", "明德", "海纳", "新宇", "锦程", "博雅", "瑞丰", "蓝湾", "云帆", "立信", "百川"];
    private static readonly string[] Trades = ["包装", "礼品", "贸易", "家居", "电子", "服饰", "文具", "物流", "食品", "科技"];
    private static readonly string[] Places = ["Northgate", "Harbour", "Willow", "Ashfield", "Kingsway", "Lakeside", "Bramley", "Stonebridge", "Elmwood", "Meadow", "Orchard", "Penrose"];
    private static readonly string[] Lines = ["Gifts", "Interiors", "Trading", "Home", "Supplies", "Stationery", "Crafts", "Retail", "Living", "Imports"];
    private static readonly string[] Roads = ["High Street", "Station Road", "Church Lane", "Mill Road", "Park Avenue", "Queen Street", "Victoria Road"];
    private static readonly string[] Towns = ["London", "Manchester", "Leeds", "Bristol", "York", "Reading", "Bath"];

    public (string Name, string Mailbox) ChinesePerson()
    {
        var (surname, s) = random.Of(Surnames);
        var (given, g) = random.Of(Given);
        return (surname + given, $"{g}.{s}{random.Next(900) + 100}");
    }

    public (string Name, string Mailbox) EnglishPerson()
    {
        var (first, last) = (random.Of(FirstNames), random.Of(LastNames));
        return ($"{first} {last}", $"{first}.{last.Replace("'", "", StringComparison.Ordinal)}{random.Next(900) + 100}".ToLowerInvariant());
    }

    public string ChineseOrganisation() => $"{random.Of(Cities)}{random.Of(Brands)}{random.Of(Trades)}有限公司";

    public string EnglishOrganisation() => $"{random.Of(Places)} {random.Of(Lines)} {random.Of(["Ltd", "Ltd", "LLP", "& Sons Ltd"])}";

    public string ChinesePhone() => $"1{random.Of([3, 5, 7, 8, 9])}{random.Next(10)}{random.Next(100_000_000):00000000}";

    /// <summary>In the range that Ofcom keeps free for drama.</summary>
    public string EnglishPhone() => $"+447700900{random.Next(1000):000}";

    public string ChineseAddress() => $"{random.Of(Cities)}市{random.Of(Streets)}{random.Next(900) + 1}号";

    public string EnglishAddress() => $"{random.Next(200) + 1} {random.Of(Roads)} {random.Of(Towns)}";
}
