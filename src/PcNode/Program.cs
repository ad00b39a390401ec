Console.WriteLine("pcnode");
